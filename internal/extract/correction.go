package extract

import (
	"strings"
	"sync"

	"golang.org/x/net/html"

	"stet/internal/news"
)

// maxCorrection is the most of a notice of correction that is kept, in bytes.
const maxCorrection = 2000

// rxCorrection matches the beginning of a notice that something was wrong: the
// word for it as a label, or a sentence about this article and what was altered
// in it. Words that also begin ordinary text ("correction of the accounts")
// count only as labels.
var rxCorrection = newPattern(`(?i)^\W*(` +
	`(corrections?|clarifications?)( (and|&|/|or) (corrections?|clarifications?))?( \([^)]{1,40}\)| appended)?\s*([:.–—(|-]|,? [a-z]+\.? \d{1,2}|$)|editor.?s.? note\b|(this|the) (article|story|piece|report|post|column|headline|page|copy)( above| below)? (was|has been|is|have been) (\w+ )?(amended|corrected|clarified|edited|revised|updated (to|with a) (correct|clarif|reflect|remove|fix|make clear))|an? (earlier|previous|original) (version|headline) of (this|the (article|story|report|piece|post|headline))\b|(the|a) (headline|caption|photo caption) (on|of|in) (this|an earlier|a previous)` +
	`|(korrektur|berichtigung|richtigstellung|klarstellung|gegendarstellung|korrekturhinweis|transparenzhinweis)\s*([:.–—(|]|$|zu|vom)|anm(erkung|\.) der red|hinweis( der redaktion|:)|in einer (früheren|vorherigen|ersten|älteren) (version|fassung)|(dieser|der) (artikel|text|beitrag|bericht) wurde (\S+ ){0,6}(korrigiert|berichtigt|richtiggestellt|präzisiert)|wir haben (den fehler|das|die passage|den text|diese stelle) (\S+ ){0,4}(korrigiert|berichtigt)` +
	`|(rectificatif|correctif|erratum|errata|mise au point|précision)\s*([:.–—(|]|$)|note de la rédaction|une (première |précédente |ancienne )?version (précédente |antérieure |initiale )?(de cet article|de ce texte|du texte)|(cet article|ce texte|cette dépêche|le titre) a été (\S+ )?(corrigée?|modifiée?|rectifiée?|amendée?)` +
	`|(corrección|rectificación|aclaración|fe de (errores|erratas|errata)|correcciones)\s*([:.–—(|]|$)|nota (de la redacción|del editor|de correcci[oó]n)|una versión (anterior|previa)|(este|esta|el|la) (artículo|nota|noticia|texto|información) (ha sido|fue) (corregid|modificad|rectificad)` +
	`|(rettifica|errata( corrige)?|precisazione|correzione)\s*([:.–—(|]|$)|una versione precedente|(questo|l.) ?articolo è stato (corretto|modificato|rettificato)` +
	`|(correção|correcção|retificação|errata|erramos|esclarecimento)\s*([:.–—(|]|$)|nota (da redação|do editor)|uma versão anterior|(esta|este) (reportagem|matéria|texto|artigo|notícia) foi (corrigid|atualizad[ao] para|alterad)` +
	`|(rectificatie|correctie|verbetering|aanvulling)\s*([:.–—(|]|$)|noot van de redactie|in een eerdere versie|een eerdere versie van|(dit|deze) (artikel|bericht|stuk|verhaal) (is|werd) (\S+ ){0,3}(aangepast|gecorrigeerd|verbeterd)` +
	`|(sprostowanie|korekta|errata|uściślenie)\s*([:.–—(|]|$)|(we|w) (wcześniejszej|poprzedniej|pierwotnej) wersji|(artykuł|tekst) został (poprawiony|skorygowany)` +
	`|(rättelse|rättning|förtydligande|rettelse|presisering|korrigering|oikaisu|korjaus)\s*([:.–—(|]|$)|i en tidigare version|i en tidligere (versjon|version|utgave)` +
	`|(поправка|исправление|уточнение|опровержение|от редакции|примечание редакции)\s*([:.–—(|]|$)|в (более ранней|предыдущей|первоначальной|ранней) версии|(статья|материал|текст|заметка) был[аи]? (исправлен|уточн[её]н|скорректирован)` +
	`|(düzeltme|tekzip)\s*([:.–—(|]|$)|(تصحيح|تصويب|توضيح|تنويه)\s*([:：.–—(|]|$)|(تم|جرى) (تعديل|تصحيح) (هذا|هذه|المقال|الخبر)|نسخة سابقة من` +
	`|(更正|勘误|勘誤|澄清|更正启事|更正啟事)\s*([:：.。–—(（|]|$)|(编者按|編者按|編按)\s*[:：].{0,40}更正|本文(较早|較早|此前|早前|之前)?(的)?版本|(本文|本稿|本報導|本报道)(已|曾)(作)?(更正|修正|修訂)` +
	`|(訂正|お詫びと訂正|訂正とお詫び|訂正して)\s*([:：。.】」』・(（]|お詫び|します|しました|$)|[【［\[(（]\s*(訂正|お詫び)|(記事|本文|見出し)(の一部|中)?を?(訂正|修正)|当初の記事|(정정|바로잡습니다|바로잡음|정정보도)\s*([:：.\])】|]|$))`)

// correction is the publisher's own notice of a correction: what JSON-LD gives
// as one, else the first block of the page that reads as one, wherever it
// stands. A label that stands alone is followed by the block after it.
func (d *document) correction() string {
	if d.ld.correction != "" {
		return clip(d.ld.correction, maxCorrection)
	}
	for i := range d.pieces {
		p := &d.pieces[i]
		if i == d.start || p.level == 1 || p.landmark || p.link*2 > len(p.Text) || !rxCorrection.MatchString(clip(p.Text, maxLinkText)) {
			continue
		}
		if len(p.Text) >= minNotice || len(p.tokens) >= longPiece {
			return clip(p.Text, maxCorrection)
		}
		if i+1 < len(d.pieces) && p.Kind != news.Caption && len(d.pieces[i+1].Text) >= minNotice && d.pieces[i+1].parent != nil {
			return clip(p.Text+" "+d.pieces[i+1].Text, maxCorrection)
		}
	}
	return ""
}

// minNotice is the number of bytes from which a block says what was wrong
// rather than being a label.
const minNotice = 40

// correctionOf reads schema.org's correction: text, an address, an object of
// type CorrectionComment, or a list of these.
func (l *linked) correctionOf(v any, depth int) string {
	if depth > maxLinkedDepth {
		return ""
	}
	switch v := v.(type) {
	case string:
		if s := first(stringsOf(v)); !strings.Contains(s, "://") || strings.Contains(s, " ") {
			return strip(s)
		}
	case []any:
		var out []string
		for _, x := range v {
			if s := l.correctionOf(x, depth+1); s != "" {
				out = append(out, s)
			}
		}
		return strings.Join(out, "\n")
	case map[string]any:
		v = l.resolve(v)
		for _, k := range []string{"text", "description", "commentText", "name", "@value"} {
			if s := first(stringsOf(v[k])); s != "" {
				return strip(s)
			}
		}
	}
	return ""
}

// strip gives the text of a value that may hold HTML.
func strip(s string) string {
	if !strings.ContainsRune(s, '<') {
		return tidy(s)
	}
	root, err := html.Parse(strings.NewReader(s))
	if err != nil {
		return tidy(s)
	}
	return tidy(nodeText(root))
}

// paywallPhrases are how pages say, in lower case, that the rest costs money.
var paywallPhrases = [...]string{
	"subscribe to continue reading", "subscribe to keep reading", "subscribe now to continue", "register to continue reading",
	"sign in to continue reading", "log in to continue reading", "this article is for subscribers", "this article is for members",
	"exclusive to subscribers", "reserved for our subscribers", "available to subscribers only", "already a subscriber?",
	"réservé aux abonnés", "réservée aux abonnés", "il vous reste", "para suscriptores", "exclusivo para suscriptores",
	"nur für abonnenten", "mit einem abo weiterlesen", "weiterlesen mit", "riservato agli abbonati", "exclusivo para assinantes",
	"alleen voor abonnees", "tylko dla prenumeratorów", "только для подписчиков", "有料会員", "会員限定",
}

// paywalled reports whether the page says that it is not free to read, or
// holds only part of the text: by JSON-LD (isAccessibleForFree of the article
// or of a part of it), by the content tier in meta, or in words.
func (d *document) paywalled() bool {
	if d.ld.closed {
		return true
	}
	switch strings.ToLower(d.metaOf("article:content_tier", "content_tier", "content-tier", "article.content_tier")) {
	case "locked", "metered", "premium", "paid":
		return true
	}
	if v := d.metaOf("isaccessibleforfree"); v != "" && denied(v) {
		return true
	}
	for i := range d.pieces {
		if p := &d.pieces[i]; len(p.Text) < maxLinkText && !p.landmark && paywallText(p.Text) {
			return true
		}
	}
	return false
}

// paywallWords is a cheap look for any of the phrases.
var paywallWords = sync.OnceValue(func() *finder { return newFinder(paywallPhrases[:]) })

func paywallText(text string) bool {
	if !paywallWords().in(text) {
		return false
	}
	low := strings.ToLower(text)
	for _, s := range paywallPhrases {
		if strings.Contains(low, s) {
			return true
		}
	}
	return false
}

// denied reads isAccessibleForFree, a schema.org Boolean.
func denied(v any) bool {
	switch v := v.(type) {
	case bool:
		return !v
	case string:
		return strings.EqualFold(v, "false") || strings.HasSuffix(v, "/False") || strings.EqualFold(v, "no")
	}
	return false
}

// partDenied reports whether a part of the page is not free to read.
func (l *linked) partDenied(v any) bool {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if m, ok := x.(map[string]any); ok && denied(m["isAccessibleForFree"]) {
				return true
			}
		}
	case map[string]any:
		return denied(l.resolve(v)["isAccessibleForFree"])
	}
	return false
}
