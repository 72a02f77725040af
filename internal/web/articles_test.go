package web

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"stet/internal/news"
	"stet/internal/store"
)

// Payloads that try to get out of a text: into markup, attributes, addresses,
// scripts, styles, feeds and tables.
var payloads = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(2)>`,
	`' onmouseover='alert(3)`,
	`</title><svg onload=alert(4)>`,
	`javascript:alert(5)`,
	`]]><evil xmlns="x"/>`,
	`{{.Site}}`,
	"=HYPERLINK(\"https://evil.example.org\")",
	"\u202eright\u202c \x01 \ufffe",
}

func hostile(part string) string {
	s := part
	for _, p := range payloads {
		s += " " + p
	}
	return s
}

// bridge is the article that most tests read: four versions, each an edit of
// another kind.
func bridge() []news.Content {
	p := []string{
		"The Harrow Bridge in Port Lessing was closed on Monday after inspectors found cracks in two of its piers, the harbour board said.",
		"At least 12 lorries were turned back before dawn, and queues reached the ring road by eight.",
		"Dorrit Vane, who chairs the board, said the closure was “a precaution, and nothing else”.",
		"The bridge carries 41,000 vehicles a day. It was opened in 1968 and last repaired nine years ago.",
		"Ferries will run every twenty minutes until further notice, free of charge for people on foot.",
		"Shopkeepers on the south bank said they had been told nothing.",
		"“We opened as usual and nobody came,” said Ilse Marrow, who sells fish at the foot of the bridge.",
		"The council meets on Thursday. It will hear from two engineers and from the union of ferry crews.",
		"In a report of last spring, the same engineers had asked for a second inspection within the year. It was put off twice.",
		"The board did not answer questions about that report on Monday.",
	}
	first := text2content("en-GB", "Harrow Bridge shut as board hid cracks", "Inspectors found damage in two piers", p...)
	second := text2content("en-GB", "Harrow Bridge shut after cracks are found", "Inspectors found damage in two piers", p...)
	second.Blocks[1].Text = "At least 15 lorries were turned back before dawn, and queues reached the ring road by eight."

	third := text2content("en-GB", "Harrow Bridge shut after cracks are found", "Inspectors found damage in three piers")
	for _, i := range []int{0, 1, 4, 2, 3, 5, 6, 7} {
		third.Blocks = append(third.Blocks, second.Blocks[i])
	}
	third.Blocks = append(third.Blocks, news.Block{Kind: news.Heading, Text: "What happens next"},
		news.Block{Kind: news.Paragraph, Text: "A temporary crossing could stand by the end of the month, the army's engineers said in the evening."})

	fourth := text2content("en-GB", "Harrow Bridge shut after cracks are found", "Inspectors found damage in three piers")
	fourth.Blocks = append(fourth.Blocks, third.Blocks...)
	fourth.Blocks[7].Text = "The council meets on Friday. It will hear from two engineers and from the union of ferry crews."
	fourth.Byline = []string{"Mara Quill", "Tobias Fenn"}
	return []news.Content{first, second, third, fourth}
}

// newsstand is the desk that tests share which only read.
var newsstand struct {
	once sync.Once
	dir  string
	desk *desk
}

func TestMain(m *testing.M) {
	code := m.Run()
	if newsstand.desk != nil {
		newsstand.desk.store.Close()
		os.RemoveAll(newsstand.dir)
	}
	os.Exit(code)
}

// reading is a desk with one article of each kind, which is only read.
func reading(t testing.TB) *desk {
	t.Helper()
	newsstand.once.Do(func() {
		dir, err := os.MkdirTemp("", "stet-web")
		if err != nil {
			t.Fatal(err)
		}
		newsstand.dir = dir
		newsstand.desk = fill(deskIn(t, dir, nil, nil))
	})
	d := *newsstand.desk
	d.t = t
	return &d
}

// filled is a desk of its own with one article of each kind.
func filled(t testing.TB, with func(*Options)) *desk {
	t.Helper()
	return fill(newDesk(t, with))
}

func fill(d *desk) *desk {
	d.t.Helper()
	courier := d.source("courier", "The Lessing Courier")
	sahifa := d.source("sahifa", "صحيفة المرفأ")

	var long []news.Content
	for i := range 60 {
		long = append(long, text2content("en", fmt.Sprintf("Storm watch, bulletin %d", i), "", fmt.Sprintf("Bulletin %d: the wind is at %d knots.", i, 20+i)))
	}
	d.tell("long", courier, long, 3*time.Hour)

	d.tell("bridge", courier, bridge(), 70*time.Minute)
	d.tell("arabic", sahifa, []news.Content{
		text2content("ar", "إغلاق جسر الميناء بعد ظهور شقوق", "", "أغلقت السلطات جسر الميناء صباح الاثنين بعد العثور على شقوق في دعامتين.", "وقال المتحدث إن 12 شاحنة أعيدت قبل الفجر."),
		text2content("ar", "إغلاق جسر الميناء مؤقتا بعد ظهور شقوق", "", "أغلقت السلطات جسر الميناء صباح الاثنين بعد العثور على شقوق في ثلاث دعامات.", "وقال المتحدث إن 15 شاحنة أعيدت قبل الفجر."),
	}, time.Hour)
	d.tell("chinese", d.source("chenbao", "海港晨报"), []news.Content{
		text2content("zh", "港口大桥因裂缝关闭", "", "港务局周一表示，检查人员在两个桥墩发现裂缝后关闭了大桥。", "至少有12辆卡车被拦回。"),
		text2content("zh", "港口大桥因裂缝暂时关闭", "", "港务局周一表示，检查人员在三个桥墩发现裂缝后关闭了大桥。", "至少有15辆卡车被拦回。"),
	}, time.Hour)
	d.tell("single", courier, []news.Content{text2content("en", "Lantern festival moves indoors", "Rain is forecast for the whole week", "The lantern festival of Port Lessing will be held in the old rope works.")}, time.Hour)
	d.tell("gone", courier, []news.Content{
		text2content("en", "Mayor's cousin won ferry contract", "", "The contract was given without a tender.", "The mayor did not comment."),
		text2content("en", "Ferry contract given without tender", "", "The contract was given without a tender.", "The mayor did not comment on Tuesday."),
	}, time.Hour)
	d.gone(d.ids["gone"])

	two := []news.Content{
		text2content("en", "Ten quiet beaches for May", "", "Bring a coat, the water is cold until July."),
		text2content("en", "Ten beaches that nobody knows", "", "Bring a coat, the water is cold until July."),
	}
	d.tell("alternating", courier, two, time.Hour)
	for i := range 3 {
		d.wait(30 * time.Minute)
		n := i % 2
		d.visit(d.ids["alternating"], store.Visit{State: news.Live, Return: &n})
	}

	d.tell("silent", courier, []news.Content{text2content("en", "Tram line opens", "", "The tram line opened on time.")}, time.Hour)
	d.wait(time.Hour)
	d.see(d.ids["silent"], text2content("en", "Tram line opens", "", "The tram line opened six months late."), true)

	d.tell("hidden", courier, []news.Content{
		text2content("en", "Zebrafish secret one", "", "The zebrafish affair must not be read."),
		text2content("en", "Zebrafish secret two", "", "The zebrafish affair must not be read at all."),
	}, time.Hour)
	if err := d.store.Hide(context.Background(), d.ids["hidden"], "court order 7"); err != nil {
		d.t.Fatal(err)
	}

	bad := d.source("bad", hostile("Bad"))
	c1 := text2content("en", hostile("Headline"), hostile("Standfirst"), hostile("Old paragraph with some words in it"), "It was 12.")
	c1.Byline, c1.Section = []string{hostile("Byline")}, hostile("Section")
	c2 := text2content(`en" onload="alert(6)`, hostile("Other headline"), hostile("Other standfirst"), "It was 13.", hostile("New text entirely"), hostile("Old paragraph with some more words in it"))
	c2.Byline, c2.Section = []string{hostile("Another byline")}, hostile("Another section")
	c2.Blocks[1].Kind, c2.Blocks[1].ID = news.Post, hostile("post")
	d.tell("hostile", bad, []news.Content{c1, c2}, time.Hour)

	d.wait(30 * time.Minute)
	d.index()
	return d
}

// tell records the versions of a new article, so far apart.
func (d *desk) tell(name string, src news.Source, contents []news.Content, apart time.Duration) {
	d.t.Helper()
	n := d.found(name, src, "https://"+src.Key+".example.org/news/"+name)
	for i, c := range contents {
		if i > 0 {
			d.wait(apart)
		}
		d.see(n, c, false)
	}
	d.wait(10 * time.Minute)
}

func (d *desk) path(format string, name string) string {
	return fmt.Sprintf(format, d.ids[name])
}

// addWatched adds what the administration lists: feeds, a filter, a request.
func addWatched(d *desk) error {
	ctx := context.Background()
	src, err := d.store.Source(ctx, "courier")
	if err != nil {
		return err
	}
	for _, u := range []string{"https://courier.example.org/feed.xml", "https://courier.example.org/sport.xml"} {
		if _, _, err := d.store.AddFeed(ctx, news.Feed{SourceID: src.ID, URL: u, Title: hostile("Feed"), Period: time.Hour}); err != nil {
			return err
		}
	}
	if _, err := d.store.AddFilter(ctx, news.Filter{Field: news.FieldURL, Pattern: "/sport/|<b>"}); err != nil {
		return err
	}
	_, err = d.store.AddRequest(ctx, "https://gazette.example.org/", "gazette.example.org", "")
	return err
}
