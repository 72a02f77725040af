package web

import (
	"context"
	"net/http"
	"strings"

	"stet/internal/news"
	"stet/internal/store"
)

// ignoresPage lists the ignore rules, and takes new ones.
type ignoresPage struct {
	layout
	Rules   []adminIgnore
	Sources []store.SourceRow
	Form    ignoreForm
	Trial   *trial
}

// An adminIgnore is a rule with the name of its source.
type adminIgnore struct {
	Rule   news.Ignore
	Source string // empty: all
}

// An ignoreForm is what the form holds, with what is wrong with each field.
type ignoreForm struct {
	Source, Selector, Pattern, Note          string
	SourceErr, SelectorErr, RuleErr, NoteErr string

	Tried string // names the rule that the trial was of
}

// wrong reports whether a field cannot be taken.
func (f ignoreForm) wrong() bool { return f.SourceErr+f.SelectorErr+f.RuleErr+f.NoteErr != "" }

// name tells rules apart: a trial of one is no trial of another.
func (f ignoreForm) name() string {
	return news.Sum([]byte(f.Source + "\x00" + f.Selector + "\x00" + f.Pattern)).String()
}

// ignores is /admin/ignores; "?source=" chooses a source in the form.
func (s *Site) ignores(w http.ResponseWriter, r *http.Request) error {
	return s.showIgnores(w, r, http.StatusOK, ignoreForm{Source: cut(r.URL.Query().Get("source"), store.MaxKey)}, nil)
}

// showIgnores shows the list and the form.
func (s *Site) showIgnores(w http.ResponseWriter, r *http.Request, status int, f ignoreForm, t *trial) error {
	l, err := s.layout(r, "admin", "Ignore rules")
	if err != nil {
		return err
	}
	p := ignoresPage{layout: l, Form: f, Trial: t}
	if p.Sources, err = s.store.Sources(r.Context()); err != nil {
		return err
	}
	if p.Rules, err = s.ignoreRules(r.Context(), p.Sources); err != nil {
		return err
	}
	if status == http.StatusOK {
		return s.show(w, r, "ignores", p)
	}
	body, err := s.pages.render("ignores", p)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	w.Write(body)
	return nil
}

// ignoreRules lists all rules, those of all sources first.
func (s *Site) ignoreRules(ctx context.Context, sources []store.SourceRow) ([]adminIgnore, error) {
	all, err := s.store.Ignores(ctx, 0)
	if err != nil {
		return nil, err
	}
	var out []adminIgnore
	for _, g := range all {
		out = append(out, adminIgnore{Rule: g})
	}
	for _, src := range sources {
		rules, err := s.store.Ignores(ctx, src.ID)
		if err != nil {
			return nil, err
		}
		for _, g := range rules {
			if g.SourceID == src.ID {
				out = append(out, adminIgnore{g, src.Name})
			}
		}
	}
	return out, nil
}

// addIgnore tries a rule, and keeps it once it was tried: "do" says which. A
// rule that was altered after its trial is tried anew, so that none is kept
// whose doing nobody saw.
func (s *Site) addIgnore(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	f, rule, err := s.ignoreForm(r)
	if err != nil {
		return err
	}
	if f.wrong() {
		return s.showIgnores(w, r, http.StatusBadRequest, f, nil)
	}
	if r.PostFormValue("do") == "save" && f.Tried == f.name() {
		if _, err := s.store.AddIgnore(r.Context(), rule); err != nil {
			return err
		}
		return redirect(w, r, http.StatusSeeOther, "/admin/ignores#rules")
	}
	t, err := s.try(r.Context(), rule, f.Source)
	if err != nil {
		return err
	}
	t.Changed = r.PostFormValue("do") == "save"
	f.Tried = f.name()
	return s.showIgnores(w, r, http.StatusOK, f, &t)
}

// ignoreForm reads the form and says what is wrong with each field.
func (s *Site) ignoreForm(r *http.Request) (f ignoreForm, rule news.Ignore, err error) {
	field := func(name string) string {
		return strings.ToValidUTF8(strings.TrimSpace(r.PostFormValue(name)), "\ufffd")
	}
	f = ignoreForm{Source: field("source"), Selector: field("selector"), Pattern: field("pattern"), Note: field("note"), Tried: field("tried")}
	if f.Source != "" {
		src, err := s.store.Source(r.Context(), f.Source)
		switch {
		case isNotFound(err):
			f.SourceErr = "There is no such source."
		case err != nil:
			return f, rule, err
		}
		rule.SourceID = src.ID
	}
	rule.Selector, rule.Pattern, rule.Note = f.Selector, f.Pattern, f.Note
	f.SelectorErr, f.RuleErr = wrongSelector(f.Selector), wrongPattern(f.Selector, f.Pattern)
	if len(f.Note) > MaxNote {
		f.NoteErr = "At most " + count(MaxNote) + " bytes."
	}
	return f, rule, nil
}

// removeIgnore lets blocks in again, from the next visit to each article.
func (s *Site) removeIgnore(w http.ResponseWriter, r *http.Request) error {
	n, err := number(r.PathValue("id"))
	if err != nil {
		return missing("ignore rule")
	}
	if err := s.store.RemoveIgnore(r.Context(), int64(n)); err != nil {
		return orMissing(err, "ignore rule")
	}
	return redirect(w, r, http.StatusSeeOther, "/admin/ignores#rules")
}

// renderModes are the ways to use a browser, by the words of the form.
var renderModes = map[string]string{"off": "", "dom": news.RenderDOM, "screenshot": news.RenderScreenshot}

// setRender says how a browser is used for the pages of a source, from the next
// visit on.
func (s *Site) setRender(w http.ResponseWriter, r *http.Request) error {
	if err := form(r); err != nil {
		return err
	}
	mode, ok := renderModes[r.PostFormValue("mode")]
	if !ok {
		return refuse(http.StatusBadRequest, "A browser is used in one of three ways", "Choose “off”, “dom” or “screenshot”.")
	}
	if err := s.store.SetRender(r.Context(), r.PathValue("key"), mode); err != nil {
		return orMissing(err, "source")
	}
	return redirect(w, r, http.StatusSeeOther, "/admin#browser")
}
