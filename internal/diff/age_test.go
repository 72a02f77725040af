package diff

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"stet/internal/news"
)

// aged is ages in short, a sentence a line.
func aged(as []Age) string {
	var b strings.Builder
	for _, a := range as {
		fmt.Fprintf(&b, "%d %d", a.Since, a.Edited)
		if a.Back > 0 {
			fmt.Fprintf(&b, " gone %d back %d", a.Gone, a.Back)
		}
		fmt.Fprintf(&b, " %s\n", strings.TrimSpace(a.Text))
	}
	return b.String()
}

func TestAges(t *testing.T) {
	rain, bell := "It rained all day in the town.", "The bell of the old tower rang at noon."
	market, ferry := "The market on the square stayed shut.", "No ferry crossed the river before the evening."
	for _, c := range []struct {
		name     string
		versions []string
		want     string
	}{
		{"none", nil, ""},
		{"one version", []string{rain + " " + bell}, "0 0 " + rain + "\n0 0 " + bell + "\n"},
		{"added, and edited later", []string{rain, rain + "|" + bell, rain + "|" + strings.Replace(bell, "noon", "one", 1), rain + "|" + strings.Replace(bell, "noon", "one", 1) + "|" + market},
			"0 0 " + rain + "\n1 2 " + strings.Replace(bell, "noon", "one", 1) + "\n3 3 " + market + "\n"},
		{"moved", []string{rain + "|" + bell + "|" + market, bell + "|" + market + "|" + rain}, "0 0 " + bell + "\n0 0 " + market + "\n0 0 " + rain + "\n"},
		{"taken out, and back", []string{rain + " " + bell + " " + market, rain + " " + market, rain + " " + market + " " + ferry, rain + " " + bell + " " + market + " " + ferry},
			"0 0 " + rain + "\n0 0 gone 1 back 3 " + bell + "\n0 0 " + market + "\n2 2 " + ferry + "\n"},
		{"edited, and back", []string{bell, strings.Replace(bell, "noon", "one", 1), bell}, "0 2 gone 1 back 2 " + bell + "\n"},
		{"back, then edited", []string{rain + " " + bell, rain, rain + " " + bell, rain + " " + strings.Replace(bell, "noon", "one", 1)},
			"0 0 " + rain + "\n0 3 gone 1 back 2 " + strings.Replace(bell, "noon", "one", 1) + "\n"},
		{"the same sentence twice is none that came back", []string{rain + "|" + bell, rain + "|" + bell + "|" + rain}, "0 0 " + rain + "\n0 0 " + bell + "\n1 1 " + rain + "\n"},
		{"merged", []string{market, market + " " + ferry, strings.TrimSuffix(market, ".") + " and n" + ferry[1:]},
			"0 2 " + strings.TrimSuffix(market, ".") + " and n" + ferry[1:] + "\n"},
		{"typography", []string{"He said \"no\" to it.", "He said “no” to it."}, "0 0 He said “no” to it.\n"},
	} {
		var vs []news.Content
		for _, v := range c.versions {
			vs = append(vs, paragraphsOf(strings.Split(v, "|")...))
		}
		if got := aged(Ages(vs)); got != c.want {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestSurvival(t *testing.T) {
	for _, c := range []struct {
		versions []news.Content
		want     float64
	}{
		{nil, 1},
		{[]news.Content{{}, paragraphsOf("a b c")}, 1},
		{[]news.Content{paragraphsOf("One two three four."), paragraphsOf("Nothing."), paragraphsOf("One two three.")}, 0.75},
		{[]news.Content{paragraphsOf("One two three four."), {}}, 0},
	} {
		if got := Survival(c.versions); got != c.want {
			t.Errorf("got %v, want %v", got, c.want)
		}
	}
}

// TestAgesOfRandomEdits: every sentence of the last version has an age, none
// older than the first version or younger than the last, and what stood in all
// versions unedited is of the first.
func TestAgesOfRandomEdits(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for range 20 {
		x, y := synthetic(rng), synthetic(rng)
		versions := []news.Content{x.old, x.new, y.old, x.new}
		ages := Ages(versions)
		if want := len(sentencesOf(x.new, 0)); len(ages) != want {
			t.Fatalf("%d ages of %d sentences", len(ages), want)
		}
		for _, a := range ages {
			if a.Since < 0 || a.Edited < a.Since || a.Edited > 3 || a.Back == 0 != (a.Gone == 0) || a.Gone > a.Back {
				t.Errorf("impossible: %+v", a)
			}
			if a.Back != 3 || a.Gone != 2 {
				t.Errorf("sentence was absent from version 2 alone: %+v", a)
			}
		}
		for _, a := range Ages([]news.Content{x.old, x.old, x.old}) {
			if a.Since != 0 || a.Edited != 0 || a.Back != 0 {
				t.Errorf("nothing happened: %+v", a)
			}
		}
	}
}
