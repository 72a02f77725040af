package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"stet/internal/archive/warc"
	"stet/internal/track"
)

// warcPlaces is the file of the data directory that says how far imports came which
// were stopped. What it says may be lost: then files are read from their beginning,
// and what was recorded is known.
const warcPlaces = "import-warc.json"

// placeEvery is how often it is written at most.
const placeEvery = 2 * time.Second

// firstRecords is how many records are looked at for the first date of a file.
const firstRecords = 100

// A warcFile is one file to import.
type warcFile struct {
	name  string
	path  string // absolute, with the size and time of change: what its place is kept under
	size  int64
	first time.Time // date of its first record
	from  int64     // where to begin
}

// A warcPlace is where a response is.
type warcPlace struct {
	file           *warcFile
	offset, behind int64
}

// warcFiles gives the responses of files, one file after another. next is for one
// goroutine, durable for one; broken is called by that of next.
type warcFiles struct {
	files   []*warcFile // in order; does not change
	at      int         // which of them is read
	broken  func(file string, offset int64, reason string)
	records int // of all types
	open    *os.File
	reader  *warc.Reader
	dir     string // of the data
	places  map[string]int64
	written time.Time
}

// openWARCs looks at the files and puts them in order.
func openWARCs(names []string, dir string, broken func(string, int64, string)) (*warcFiles, error) {
	in := &warcFiles{dir: dir, broken: broken, places: map[string]int64{}}
	if data, err := os.ReadFile(filepath.Join(dir, warcPlaces)); err == nil {
		if json.Unmarshal(data, &in.places) != nil || in.places == nil {
			in.places = map[string]int64{} // see warcPlaces
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for _, name := range names {
		f, err := lookAtWARC(name)
		if err != nil {
			return nil, err
		}
		f.from = in.places[f.path]
		in.files = append(in.files, f)
	}
	slices.SortStableFunc(in.files, byFirstDate)
	return in, nil
}

// lookAtWARC finds the first date of a file. That it is no WARC file is said when
// it is read.
func lookAtWARC(name string) (*warcFile, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return nil, err
	}
	x := &warcFile{name: name, size: info.Size(), path: fmt.Sprintf("%s %d %d", path, info.Size(), info.ModTime().UnixNano())}
	r, err := warc.NewReader(f, 0)
	if err != nil {
		return x, nil
	}
	for range firstRecords {
		rec, _, err := r.Next()
		if err != nil {
			break
		}
		if !rec.Date.IsZero() && rec.Type != warc.TypeInfo { // a file may be made long after what is in it
			x.first = rec.Date
			break
		}
	}
	return x, nil
}

// next gives the next response; io.EOF at the end of the last file.
func (in *warcFiles) next() (track.Archived, error) {
	for {
		if in.reader == nil {
			if err := in.nextFile(); err != nil {
				return track.Archived{}, err
			}
			continue
		}
		file := in.files[in.at]
		rec, fault, err := in.reader.Next()
		switch {
		case errors.Is(err, io.EOF):
			in.close()
			in.at++
			continue
		case err != nil:
			return track.Archived{}, fmt.Errorf("%s: %w", file.name, err)
		case fault != nil:
			in.broken(file.name, fault.Offset, fault.Reason)
			continue
		}
		in.records++
		if a, ok := in.response(file, rec); ok {
			return a, nil
		}
	}
}

// nextFile opens the file that is next. One that cannot be read as WARC is broken.
func (in *warcFiles) nextFile() error {
	if in.at == len(in.files) {
		return io.EOF
	}
	file := in.files[in.at]
	var err error
	if in.open, err = os.Open(file.name); err != nil {
		return err
	}
	if in.reader, err = warc.NewReader(in.open, file.from); err != nil {
		in.broken(file.name, 0, err.Error())
		in.close()
		in.at++
	}
	return nil
}

// response makes of a record what is replayed; false when it is no response of the
// web.
func (in *warcFiles) response(file *warcFile, rec warc.Record) (a track.Archived, ok bool) {
	if rec.Type != warc.TypeResponse && rec.Type != warc.TypeRevisit || !strings.HasPrefix(rec.Target, "http") {
		return a, false
	}
	a = track.Archived{URL: rec.Target, At: rec.Date, RemoteAddr: rec.IP, Place: warcPlace{file, rec.Offset, in.reader.Offset()}}
	if rec.Type == warc.TypeRevisit {
		a.Same = &track.Earlier{URL: rec.Of, At: rec.OfDate}
		if len(rec.Block) == 0 {
			return a, true
		}
	}
	r, err := warc.ParseResponse(rec.Block)
	if err != nil {
		in.broken(file.name, rec.Offset, err.Error())
		return a, false
	}
	a.Status, a.StatusLine, a.Proto, a.Header = r.Status, r.StatusLine, r.Proto, r.Header
	if a.Same == nil {
		a.Wire, a.Cut = r.Body, r.Cut
	}
	if rec.Shortcut != "" && a.Same == nil {
		a.Cut = "cut short by the archive: " + rec.Shortcut
	}
	return a, true
}

// durable notes that all up to a place is on the disk: the files before it are done,
// and stand at their ends until all are.
func (in *warcFiles) durable(at warcPlace) error {
	for _, f := range in.files {
		if f == at.file {
			break
		}
		in.places[f.path] = f.size
	}
	in.places[at.file.path] = at.behind
	if time.Since(in.written) < placeEvery {
		return nil
	}
	return in.keep()
}

// forget removes the places of the files, all of which are imported.
func (in *warcFiles) forget() error {
	for _, f := range in.files {
		delete(in.places, f.path)
	}
	return in.keep()
}

// keep writes the places: whole, or not at all.
func (in *warcFiles) keep() error {
	in.written = time.Now()
	path := filepath.Join(in.dir, warcPlaces)
	if len(in.places) == 0 {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	}
	data, err := json.Marshal(in.places)
	if err == nil {
		err = os.WriteFile(path+".new", data, 0o640)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	return err
}

func (in *warcFiles) close() {
	if in.open != nil {
		in.open.Close() // it was only read
	}
	in.open, in.reader = nil, nil
}
