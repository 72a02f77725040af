package main

import (
	"reflect"
	"time"

	"stet/internal/diff"
)

// startStet gives the comparison of this repository, in this process.
func startStet(string) (*tool, error) {
	return &tool{name: "stet", compare: compareStet, close: func() error { return nil }}, nil
}

func compareStet(p pair) ([]chunk, time.Duration, error) {
	old, now := p.old.content(), p.new.content()
	start := time.Now()
	s := diff.Compare(old, now)
	took := time.Since(start)
	return stetChunks(s, old.Headline), took, nil
}

// stetChunks is a script as chunks: the headline, then the rows.
func stetChunks(s diff.Script, headline string) []chunk {
	out := []chunk{{op: equal, text: headline}}
	for _, f := range s.Fields {
		if f.Field == "headline" {
			out = runChunks(f.Runs)
		}
	}
	out = append(out, glue())
	here := map[string]diff.Edit{} // new ends of moves, by the id of the old end
	for _, e := range s.Edits {
		if e.MovedFrom != "" {
			here[e.MovedFrom] = e
		}
	}
	for _, e := range s.Edits {
		out = append(append(out, rowChunks(e, here)...), glue())
	}
	return out
}

// rowChunks is one row. Of a moved one the new end has the runs of both texts:
// what is equal there has moved, away from the old end and to the new one.
func rowChunks(e diff.Edit, here map[string]diff.Edit) []chunk {
	switch {
	case e.Origin():
		return moveEnd(runChunks(here[e.ID].Runs), deleted)
	case e.MovedFrom != "":
		return moveEnd(runChunks(e.Runs), added)
	}
	return runChunks(e.Runs)
}

// moveEnd is one end of a moved row: what is at the other end only is left out.
func moveEnd(chunks []chunk, op string) []chunk {
	var out []chunk
	for _, c := range chunks {
		switch c.op {
		case op:
			out = append(out, c)
		case equal:
			out = append(out, chunk{op: op, text: c.text, moved: true})
		}
	}
	return out
}

func runChunks(runs []diff.Run) []chunk {
	ops := map[diff.Op]string{diff.Equal: equal, diff.Delete: deleted, diff.Insert: added}
	out := make([]chunk, len(runs))
	for i, r := range runs {
		out[i] = chunk{op: ops[r.Op], text: r.Text, moved: moved(r)}
	}
	return out
}

// moved reports whether a run is of a moved passage. The field is asked for by
// name, so that revisions whose runs have none can be measured as well.
func moved(r diff.Run) bool {
	id := reflect.ValueOf(r).FieldByName("Move")
	return id.IsValid() && !id.IsZero()
}
