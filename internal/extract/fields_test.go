package extract

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"stet/internal/news"
)

func TestRepair(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"good", `{"a":"b"}`, `{"a":"b"}`},
		{"line feed in a string", "{\"a\":\"b\nc\"}", `{"a":"b c"}`},
		{"commas before brackets", `{"a":[1,2,],}`, `{"a":[1,2]}`},
		{"two commas", `{"a":1,,"b":2}`, `{"a":1,"b":2}`},
		{"semicolon at the end", `{"a":1};`, `{"a":1}`},
		{"CDATA with comment marks", "//<![CDATA[\n{\"a\":1}\n//]]>", `{"a":1}`},
		{"CDATA in a block comment", "/*<![CDATA[*/{\"a\":1}/*]]>*/", `{"a":1}`},
		{"HTML comment", "<!-- {\"a\":1} -->", `{"a":1}`},
		{"comments", "{/* x */\"a\":1 // y\n}", `{"a":1}`},
		{"an address is no comment", `{"a":"https://example.org/b",}`, `{"a":"https://example.org/b"}`},
		{"two objects", `{"a":1}{"b":2}`, `[{"a":1},{"b":2}]`},
		{"two objects with a comma", `{"a":1},{"b":2},`, `[{"a":1},{"b":2}]`},
		{"bad escapes", `{"a":"it\'s \x41 \u00e9 \u12"}`, `{"a":"it's x41 é u12"}`},
		{"quotation marks within", `{"a":"she said "no" twice","b":1}`, `{"a":"she said \"no\" twice","b":1}`},
		{"byte-order mark", "\ufeff{\"a\":1}", `{"a":1}`},
		{"no-break space between", "{\"a\":\u00a01}", `{"a":1}`},
		{"entities for quotation marks", `{&quot;a&quot;:&quot;b&quot;}`, `{"a":"b"}`},
		{"no JSON", `var a = 1`, ``},
		{"cut off", `{"a":[1,2`, ``},
		{"empty", ``, ``},
	} {
		v, ok := parseLinked(c.in)
		got := ""
		if ok {
			b, _ := json.Marshal(v)
			got = string(b)
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	edge := `{"a":"` + strings.Repeat("x", maxLinked-8) + `"}`
	if _, ok := parseLinked(edge); !ok || len(edge) != maxLinked {
		t.Errorf("%d bytes are refused", len(edge))
	}
	if _, ok := parseLinked(edge + " "); ok {
		t.Errorf("%d bytes are taken", len(edge)+1)
	}
}

// FuzzParseLinked holds that mending never panics, that good JSON is left as
// it is, and that a mended text is stable.
func FuzzParseLinked(f *testing.F) {
	for _, s := range []string{`{"a":"b",}`, "//<![CDATA[\n{\"a\":\"b\n\"}//]]>", `{"a":"x "y" z"};{"b":"\'"}`, `[{"@id":"#a"},,]`, `<!--{}-->`, `{"a":"\`, "\xc2\xa0{}", `/*`, `"`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := parseLinked(s)
		var plain any
		if json.Unmarshal([]byte(s), &plain) == nil && len(s) <= maxLinked {
			a, _ := json.Marshal(plain)
			b, _ := json.Marshal(v)
			if !ok || string(a) != string(b) {
				t.Fatalf("good JSON %q read as %s", s, b)
			}
		}
		if ok {
			l := linked{nodes: map[string]map[string]any{}}
			l.name(v, 0)
			l.gather(v, 0)
		}
		if json.Valid([]byte(repairJSON(s, false))) {
			once := repairJSON(s, false)
			if twice := repairJSON(once, false); !json.Valid([]byte(twice)) {
				t.Fatalf("mended %q is broken by mending again: %q", once, twice)
			}
		}
	})
}

func TestCorrectionWording(t *testing.T) {
	notices := []string{
		"This article was amended on 5 February 2031.", "Correction: the hall was built in 1971.", "Corrections and clarifications: the hall was built in 1971.",
		"CORRECTION (5 Feb): the hall", "Clarification – the mayor was not there", "Editor's note: an earlier text gave another year", "An earlier version of this story gave the wrong year.",
		"Korrektur: Die Halle wurde 1971 gebaut.", "Berichtigung: Die Halle", "Anmerkung der Redaktion: In einer früheren Version", "In einer früheren Fassung hieß es", "Dieser Artikel wurde nachträglich korrigiert.",
		"Rectificatif : la piscine date de 1971.", "Erratum : la piscine", "Une première version de cet article indiquait", "Cet article a été modifié le 5 février",
		"Fe de errores: la piscina", "Corrección: la piscina", "Una versión anterior de este texto", "Esta noticia ha sido corregida",
		"Errata corrige: la piscina", "Rettifica: la piscina", "Una versione precedente di questo articolo",
		"Errata: a piscina", "Correção: a piscina", "Uma versão anterior deste texto", "Esta reportagem foi corrigida às 10h",
		"Rectificatie: het zwembad", "In een eerdere versie van dit artikel stond", "Correctie: het zwembad",
		"Sprostowanie: basen", "We wcześniejszej wersji tekstu", "Errata: basen",
		"Поправка: бассейн", "Исправление. Бассейн", "В более ранней версии статьи", "Уточнение: бассейн",
		"تصحيح: المسبح", "تصويب: المسبح", "تم تعديل هذا الخبر", "更正：泳池建于一九七一年", "勘误：泳池", "本文较早版本写错了年份", "訂正：プールは", "【訂正】プール", "お詫びと訂正", "記事の一部を訂正しました", "정정: 수영장", "바로잡습니다",
	}
	text := []string{
		"The correction of the accounts took a year.", "Corrections officers went on strike.", "A previous version of the bridge fell down.", "This story was written by hand.",
		"Korrekturen am Plan sind nicht vorgesehen.", "Die Korrektur des Kurses kam spät.", "La corrección de los exámenes terminó.", "La rettifica fu lenta.", "Errataficación", "Errata were common in old books of the town.",
		"Исправление ошибок заняло год.", "Correctie van de dijk is nodig.", "更正式的说法是", "訂正印を押した書類が", "تصحيح الأخطاء استغرق عاما",
	}
	for _, s := range notices {
		if !rxCorrection.MatchString(s) {
			t.Errorf("%q is not known as a notice", s)
		}
	}
	for _, s := range text {
		if rxCorrection.MatchString(s) {
			t.Errorf("%q is taken for a notice", s)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		in   string
		want string
	}{
		{"By Tove Arn", "Tove Arn"}, {"Von Tove Arn und Ina Holt", "Tove Arn; Ina Holt"}, {"Par Tove Arn, Ina Holt et Per Moe", "Tove Arn; Ina Holt; Per Moe"},
		{"Tove Arn og Ina Holt", "Tove Arn; Ina Holt"}, {"Tove Arn (ta)", "Tove Arn"}, {"Tove Arn, MD", "Tove Arn"}, {"Tove Arn t.arn@example.org", "Tove Arn"},
		{"Tove Arn | 4 February 2031", "Tove Arn"}, {"Tove Arn 4 February 2031 • 4:45pm", "Tove Arn"}, {"Arn & Holt", "Arn & Holt"}, {"Institute for Sun and Rain", "Institute for Sun and Rain"},
		{"作者：林海", "林海"}, {"记者 林海、王平", "林海; 王平"}, {"責任編集：林海", "林海"}, {"https://example.org/authors/tove", ""}, {"t.arn@example.org", ""},
		{"By", ""}, {"About the Author", ""}, {"105092", ""}, {"@tove", ""}, {"Автор: Ольга Снегова", "Ольга Снегова"}, {"بقلم سلمى نور", "سلمى نور"}, {"Por Ana de la Cruz y Luis Gil", "Ana de la Cruz; Luis Gil"},
		{"Tove Arn, Ina Holt, and Per Moe", "Tove Arn; Ina Holt; Per Moe"}, {"Skip to content", ""},
	} {
		var got []string
		for _, n := range splitNames(c.in) {
			if n = cleanName(n); n != "" {
				got = append(got, n)
			}
		}
		if s := strings.Join(got, "; "); s != c.want {
			t.Errorf("%q: got %q, want %q", c.in, s, c.want)
		}
	}
	if splitNames(strings.Repeat("x", maxSigner)) == nil || splitNames(strings.Repeat("x", maxSigner+1)) != nil {
		t.Error("the limit of a line of names is not kept")
	}
	if cleanName(strings.Repeat("x", maxName)) == "" || cleanName(strings.Repeat("x", maxName+1)) != "" {
		t.Error("the limit of a name is not kept")
	}
	many := make([]author, maxByline+1)
	for i := range many {
		many[i].name = "Tove " + strings.Repeat("A", i+1)
	}
	if d := newDocument(Page{Body: []byte("<p>x")}); len(d.sign("json-ld", many).names) != maxByline {
		t.Error("the limit of names is not kept")
	}
}

func TestTextDate(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"4 February 2031", "2031-02-04T00:00:00Z"}, {"February 4th, 2031 at 6:20 pm", "2031-02-04T18:20:00Z"}, {"4. Februar 2031, 18:20 Uhr", "2031-02-04T18:20:00Z"},
		{"le 4 février 2031 à 18h20", "2031-02-04T18:20:00Z"}, {"4 de febrero de 2031", "2031-02-04T00:00:00Z"}, {"1 марта 2031", "2031-03-01T00:00:00Z"}, {"٤ فبراير", ""},
		{"4 فبراير 2031", "2031-02-04T00:00:00Z"}, {"2031年2月4日 18時20分", "2031-02-04T18:20:00Z"}, {"2031.02.04 18:20", "2031-02-04T18:20:00Z"}, {"04.02.2031", "2031-02-04T00:00:00Z"},
		{"02/03/2031", ""}, {"14/02/2031", "2031-02-14T00:00:00Z"}, {"02/14/2031", "2031-02-14T00:00:00Z"}, {"18:20 04.02.2031", "2031-02-04T18:20:00Z"},
		{"2031-02-04 00:30 +02:00", "2031-02-03T22:30:00Z"}, {"4 lutego 2031", "2031-02-04T00:00:00Z"}, {"4 czerwca 2031", "2031-06-04T00:00:00Z"}, {"4 července 2031", "2031-07-04T00:00:00Z"}, {"4 juni 2031", "2031-06-04T00:00:00Z"}, {"12 juillet 2031", "2031-07-12T00:00:00Z"},
		{"31 February 2031", ""}, {"5 minutes ago", ""}, {"32.01.2031", ""}, {"4 oranges 2031", ""}, {"2031", ""}, {"12:00 am, 4 May 2031", "2031-05-04T00:00:00Z"}, {"2031-13-01", ""},
	} {
		if got := stamp(textDate(c.in)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.in, got, c.want)
		}
	}
	p, m := lineDates("Published 4 May 2031 | Updated 6 May 2031")
	if stamp(p) != "2031-05-04T00:00:00Z" || stamp(m) != "2031-05-06T00:00:00Z" {
		t.Errorf("published and updated: %v, %v", p, m)
	}
	p, m = lineDates("Updated 6 May 2031, first published 4 May 2031")
	if stamp(p) != "2031-05-04T00:00:00Z" || stamp(m) != "2031-05-06T00:00:00Z" {
		t.Errorf("updated and published: %v, %v", p, m)
	}
	if p, m = lineDates("6 May 2031 updated"); !p.IsZero() || stamp(m) != "2031-05-06T00:00:00Z" {
		t.Errorf("updated after the date: %v, %v", p, m)
	}
}

func FuzzTextDate(f *testing.F) {
	for _, s := range []string{"4 February 2031", "2031年2月4日 18時20分", "02/14/2031 +02:00", "٤ فبراير 2031"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if got := textDate(s); !got.IsZero() && (got.Year() < firstYear-1 || got.Year() > lastYear+1) {
			t.Errorf("%q: %v", s, got)
		}
	})
}

func TestStableImage(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"https://i.example.org/a.jpg?w=300&h=200#x", "https://i.example.org/a.jpg?w=300&h=200"},
		{"https://i.example.org/a.jpg?cb=17&w=300", "https://i.example.org/a.jpg?w=300"},
		{"https://i.example.org/a.jpg?_=1928374650", "https://i.example.org/a.jpg"},
		{"https://i.example.org/a.jpg?t=square", "https://i.example.org/a.jpg?t=square"},
		{"https://i.example.org/a.jpg?v=3", "https://i.example.org/a.jpg?v=3"},
		{"https://i.example.org/a.jpg?width=300&s=0a1b", "https://i.example.org/a.jpg?width=300&s=0a1b"},
		{"https://i.example.org/a.jpg?token=1", "https://i.example.org/a.jpg?token=1"},
		{"https://i.example.org/a.jpg?Expires=9&Signature=x&Key-Pair-Id=y&w=1", "https://i.example.org/a.jpg?w=1"},
		{"https://i.example.org/a.jpg?X-Amz-Date=9&X-Amz-Signature=x", "https://i.example.org/a.jpg"},
	} {
		if got := stableImage(mustURL(c.in)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
	if a, b := imageName("/x/hall-roof-1200x630.jpg"), imageName("/y/hall-roof_scaled.webp?z"); a != b || a != "hall-roof" {
		t.Errorf("sizes of a picture differ: %q, %q", a, b)
	}
}

// articleWith is a page whose text is long enough for an article, with more.
func articleWith(head, more string) Page {
	p := "<p>The council of Lindholm voted on Tuesday to keep the swimming hall open until 2033, after a petition that 4,180 people signed.</p>"
	return Page{URL: mustURL("https://www.example.org/a"), Status: 200, ContentType: "text/html", Body: []byte("<html lang=en><head><title>Lindholm keeps its hall</title>" + head + "</head><body><main><article><h1>Lindholm keeps its hall</h1>" + p + p + p + more + "</article></main></body></html>")}
}

func TestLinkLimit(t *testing.T) {
	links := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "<p>The board of the harbour wrote a long letter about <a href='/l/%d'>berth %d</a> and all the boats that lie there in winter.</p>", i, i)
		}
		return b.String()
	}
	for _, n := range []int{news.MaxLinks, news.MaxLinks + 1} {
		c := Read(articleWith("", links(n))).Content
		if len(c.Links) != news.MaxLinks || c.Cut != (n > news.MaxLinks) {
			t.Errorf("%d links: %d kept, cut %v", n, len(c.Links), c.Cut)
		}
	}
}

func TestClaimLimit(t *testing.T) {
	head := strings.Repeat(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Lindholm title %d"}</script>`, 1)
	var b strings.Builder
	for i := range 3 * maxFieldClaims {
		fmt.Fprintf(&b, head, i)
	}
	n := 0
	for _, x := range Read(articleWith(b.String(), "")).Content.Claims {
		if x.Field == "headline" {
			n++
		}
	}
	if n != maxFieldClaims {
		t.Errorf("%d claims of the headline, want %d", n, maxFieldClaims)
	}
	if 7*maxFieldClaims > news.MaxClaims {
		t.Errorf("seven fields of %d claims are more than %d", maxFieldClaims, news.MaxClaims)
	}
}

// TestPostsStay puts posts on top of a live blog, in three manners of writing
// one, and asks that the older posts keep their names, times and blocks.
func TestPostsStay(t *testing.T) {
	at := time.Date(2031, 2, 4, 6, 0, 0, 0, time.UTC)
	type entry struct {
		n    int
		text string
	}
	var all []entry
	for i := range 6 {
		all = append(all, entry{i, fmt.Sprintf("The harbour office said in its message number %d that no ferry leaves before the wind has gone down.", i)})
	}
	manners := map[string]func(e entry, place int) string{
		"ids": func(e entry, _ int) string {
			return fmt.Sprintf("<article id='block-%d'><time datetime='%s'></time><h2>Message %d</h2><p>%s</p></article>", 700+e.n*13, at.Add(time.Duration(e.n)*time.Hour).Format(time.RFC3339), e.n, e.text)
		},
		"counted ids": func(e entry, place int) string {
			return fmt.Sprintf("<li id='post-%d'><time datetime='%s'></time><p>%s</p></li>", place, at.Add(time.Duration(e.n)*time.Hour).Format(time.RFC3339), e.text)
		},
		"no ids": func(e entry, _ int) string {
			return fmt.Sprintf("<div><h3>Message %d</h3><p>%s</p></div>", e.n, e.text)
		},
	}
	for name, write := range manners {
		read := func(newest int) []news.Block {
			var posts, linked []string
			for i := newest; i >= 0; i-- {
				posts = append(posts, write(all[i], newest-i+1))
				linked = append(linked, fmt.Sprintf(`{"@type":"BlogPosting","url":"https://www.example.org/live#e%d","datePublished":"%s","headline":"Message %d","articleBody":"%s"}`, i, at.Add(time.Duration(i)*time.Hour).Format(time.RFC3339), i, all[i].text))
			}
			updates := ""
			if name == "no ids" {
				updates = `,"liveBlogUpdate":[` + strings.Join(linked, ",") + "]"
			}
			head := `<script type="application/ld+json">{"@type":"LiveBlogPosting","headline":"Storm: live"` + updates + `}</script>`
			body := "<html><head><title>Storm: live</title>" + head + "</head><body><main><h1>Storm: live</h1><div>" + strings.Join(posts, "\n") + "</div></main></body></html>"
			return Read(Page{URL: mustURL("https://www.example.org/live"), Status: 200, Body: []byte(body)}).Content.Blocks
		}
		before, after := read(3), read(5)
		for _, b := range before {
			if b.ID == "" || b.Kind == news.Post && b.At.IsZero() {
				t.Errorf("%s: a block without name or time: %+v", name, b)
			}
			if !slices.Contains(after, b) {
				t.Errorf("%s: %+v is not there after two posts were added: %+v", name, b, after)
			}
		}
		if len(before) < 4 {
			t.Errorf("%s: %d blocks", name, len(before))
		}
	}
}

func TestMoreText(t *testing.T) {
	for _, s := range []string{"Load more", "Show more posts", "Older posts", "3 new updates", "Weitere Beiträge laden", "Voir plus", "Cargar más", "Carica altri", "Carregar mais", "Показать ещё", "加载更多", "もっと見る", "عرض المزيد", "Page 2 of 7"} {
		if !rxMore.MatchString(s) {
			t.Errorf("%q is not known", s)
		}
	}
	for _, s := range []string{"More rain is on its way", "Show must go on, says the mayor", "Older people stay at home", "Mehr Regen erwartet", "Latest: bridge closed"} {
		if rxMore.MatchString(s) {
			t.Errorf("%q is taken for a way to more posts", s)
		}
	}
}
