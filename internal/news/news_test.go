package news

import (
	"strings"
	"testing"
)

func TestFilterCheck(t *testing.T) {
	good := []Filter{
		{Field: FieldURL, Pattern: "/sport/"},
		{Field: FieldTitle, Pattern: "(?i)^quiz"},
		{Field: FieldCategory, Pattern: strings.Repeat("a", MaxPattern), Keep: true},
	}
	for _, f := range good {
		if err := f.Check(); err != nil {
			t.Errorf("%.30v: %v", f, err)
		}
	}
	bad := []Filter{
		{Field: "colour", Pattern: "blue"},
		{Field: FieldURL},
		{Field: FieldURL, Pattern: "("},
		{Field: FieldURL, Pattern: strings.Repeat("a", MaxPattern+1)},
	}
	for _, f := range bad {
		if f.Check() == nil {
			t.Errorf("%.30v: no error", f)
		}
	}
}

func TestIgnoreCheck(t *testing.T) {
	long := strings.Repeat("a", MaxPattern)
	for _, g := range []Ignore{{Selector: "aside"}, {Pattern: "^Read also"}, {Selector: long[:MaxSelector], Pattern: long}} {
		if err := g.Check(); err != nil {
			t.Errorf("%.30v: %v", g, err)
		}
	}
	for _, g := range []Ignore{{}, {Note: "x"}, {Pattern: "("}, {Pattern: long + "a"}, {Selector: strings.Repeat("a", MaxSelector+1)}} {
		if g.Check() == nil {
			t.Errorf("%.30v: no error", g)
		}
	}
}
