package archive

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

// told gives all rows of a dump and its faults as lines of text.
func told(d *dump) string {
	var b strings.Builder
	for range 10_000 {
		r, err := d.next()
		f, bad := IsFault(err)
		switch {
		case bad:
			fmt.Fprintf(&b, "! %v\n", f)
		case errors.Is(err, io.EOF):
			return b.String()
		case err != nil:
			fmt.Fprintf(&b, "error: %v\n", err)
			return b.String()
		default:
			fmt.Fprintf(&b, "%d %s", r.line, r.table)
			for i, c := range r.cells {
				if c.set {
					fmt.Fprintf(&b, " %s=%q", r.columns[i], c.text)
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String() + "no end\n"
}

func TestDump(t *testing.T) {
	tests := []struct {
		name string
		dialect
		in, want string
	}{
		{"columns by the statement", mysql, "INSERT INTO `t` (`a`,`b`) VALUES (1,'x'),(2,NULL);",
			"1 t a=\"1\" b=\"x\"\n1 t a=\"2\"\n"},
		{"columns by CREATE TABLE", mysql,
			"CREATE TABLE `t` (\n `a` int(11) NOT NULL DEFAULT '1,)' COMMENT 'it''s (a)',\n `b``c` enum('x','y'),\n `key` int,\n PRIMARY KEY (`a`),\n KEY `k` (`b``c`,`key`)\n) ENGINE=InnoDB;\nINSERT INTO `t` VALUES\n(1,'x',3),\n(2,'y',4);\n",
			"9 t a=\"1\" b`c=\"x\" key=\"3\"\n10 t a=\"2\" b`c=\"y\" key=\"4\"\n"},
		{"escapes of MySQL", mysql, `INSERT INTO t (a) VALUES ('it\'s \"so\"\n\t\r\\ \Z\%\_ a''b');`,
			`1 t a="it's \"so\"\n\t\r\\ \x1a%_ a'b"` + "\n"},
		{"other tables, views and comments are passed over", mysql,
			"-- it's a comment; INSERT INTO t (a) VALUES (1);\n# so is ' this;\n/* and ; ' that */ /*!50001 CREATE VIEW v AS SELECT ';' */;\nINSERT INTO other VALUES ('INSERT INTO t (a) VALUES (2);');\nLOCK TABLES `t` WRITE;\nINSERT IGNORE INTO x.t (a) VALUES (3);",
			"6 t a=\"3\"\n"},
		{"triggers are passed over", mysql,
			"DELIMITER ;;\nCREATE TRIGGER x BEGIN INSERT INTO t (a) VALUES (9); END;;\nDELIMITER ;\nREPLACE INTO t (a) VALUES (1);",
			"4 t a=\"1\"\n"},
		{"hexadecimal and marked strings", mysql, `INSERT INTO t (a,b,c,d,e) VALUES (0x6869,_binary 'x\0y',X'c3a9',-1.5e3,true);`,
			`1 t a="hi" b="xy" c="é" d="-1.5e3" e="1"` + "\n"},
		{"a bad row does not end the statement", mysql, "INSERT INTO t (a,b) VALUES (1,2),(3),(4,now()),(5,concat('),(',1)),(6,7);",
			"1 t a=\"1\" b=\"2\"\n! line 1: table t: row of 1 values for 2 columns\n! line 1: table t: value NOW: no constant\n! line 1: table t: value CONCAT: no constant\n1 t a=\"6\" b=\"7\"\n"},
		{"a bad statement does not end the dump", mysql, "INSERT INTO t (a) VALUES (1) x (2);\nINSERT INTO t (a) VALUES (3);\n",
			"1 t a=\"1\"\n! line 1: table t: 'x' where a row should begin\n2 t a=\"3\"\n"},
		{"rows without columns", mysql, "INSERT INTO t VALUES (1);\nINSERT INTO t (a) SELECT 1;\n",
			"! line 1: table t: rows without names of columns: no CREATE TABLE before them\n! line 2: table t: INSERT without VALUES\n"},
		{"Windows-1252 by SET NAMES", mysql, "/*!40101 SET NAMES latin1 */;\nINSERT INTO t (a) VALUES ('caf\xe9 \x93x\x94 é');\nINSERT INTO t (a) VALUES ('é');",
			"2 t a=\"café “x” Ã©\"\n3 t a=\"é\"\n"},
		{"what is no UTF-8", mysql, "SET NAMES utf8mb4;\nINSERT INTO t (a) VALUES ('a\xffb');", "2 t a=\"a\uFFFDb\"\n"},
		{"an encoding that is not read", mysql, "/*!40101 SET NAMES sjis */;\nINSERT INTO t (a) VALUES (1);",
			"error: dump, line 1: encoding \"sjis\" is not read: dump anew with utf8mb4 or UTF8\n"},
		{"cut in a string", mysql, "INSERT INTO t (a) VALUES (1),\n(2),('thr", "1 t a=\"1\"\n2 t a=\"2\"\n! line 2: table t: dump cut short after 3 rows of a statement\n"},
		{"cut between statements", mysql, "-- MySQL dump 10.13  Distrib\nINSERT INTO t (a) VALUES (1);\n",
			"2 t a=\"1\"\n! line 3: dump cut short: its last line is missing\n"},
		{"whole", mysql, "-- MariaDB dump 10.19  Distrib\nINSERT INTO t (a) VALUES (1);\n-- Dump completed on 2024-01-01\n", "2 t a=\"1\"\n"},

		{"COPY", standard, "COPY public.t (a, b) FROM stdin;\n1\ta\\tb\\\\c\\nd\n2\t\\N\n3\t\n4\t\\\\.\n\\.\n\nCOPY public.x (a) FROM stdin;\nINSERT INTO t (a) VALUES (9);\n\\.\nCOPY t (a) FROM stdin;\nlast\n\\.\n",
			"2 t a=\"1\" b=\"a\\tb\\\\c\\nd\"\n3 t a=\"2\"\n4 t a=\"3\" b=\"\"\n5 t a=\"4\" b=\"\\\\.\"\n12 t a=\"last\"\n"},
		{"octal and hexadecimal in COPY", standard, "COPY t (a) FROM stdin;\n\\101\\x42\\103D\\vE\\x\n\\.\n", "2 t a=\"ABCD\\vEx\"\n"},
		{"bad lines in COPY", standard, "COPY t (a, b) FROM stdin;\n1\n2\tx\ty\n3\tz\n\\.\n",
			"! line 2: table t: row of 1 values for 2 columns\n! line 3: table t: row of 3 values for 2 columns\n4 t a=\"3\" b=\"z\"\n"},
		{"COPY cut short", standard, "COPY t (a, b) FROM stdin;\n1\tx\n2\tshor", "2 t a=\"1\" b=\"x\"\n! line 3: table t: dump cut short after 2 rows of a statement\n"},
		{"COPY with options", standard, "COPY t (a) FROM stdin WITH (FORMAT csv);\n1\n\\.\nCOPY t (a) FROM stdin;\n2\n\\.\n",
			"! line 4: COPY with options is not read\n5 t a=\"2\"\n"},
		{"INSERT of PostgreSQL", standard, `INSERT INTO public."t" ("a", b, c, d) OVERRIDING SYSTEM VALUE VALUES (1, 'back\slash''s', E'new\nline', '2024-01-01'::date), (2, true, false, NULL);`,
			`1 t a="1" b="back\\slash's" c="new\nline" d="2024-01-01"` + "\n" + `1 t a="2" b="1" c="0"` + "\n"},
		{"functions and psql's commands are passed over", standard,
			"\\restrict abc\nCREATE FUNCTION f() AS $_$ BEGIN INSERT INTO t (a) VALUES (1); 'END $_$ LANGUAGE plpgsql;\nSELECT pg_catalog.set_config('search_path', '', false);\nINSERT INTO t (a) VALUES (2);",
			"4 t a=\"2\"\n"},
		{"PostgreSQL's encoding", standard, "SET client_encoding = 'LATIN1';\nCOPY t (a) FROM stdin;\n\xe9\n\\.\n", "3 t a=\"é\"\n"},
		{"strings that do not conform", standard, "SET standard_conforming_strings = off;\nINSERT INTO t (a) VALUES ('a\\nb');", "2 t a=\"a\\nb\"\n"},
		{"nothing", mysql, "", ""},
		{"no SQL", mysql, "Lorem ipsum dolor", "! line 1: dump cut short: its last line is missing\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := told(newDump(strings.NewReader(tt.in), tt.dialect, []string{"T"})); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

// A value, a row and a name at their limits are read, and beyond them are
// faults; what follows is read in any case.
func TestDumpLimits(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	tests := []struct {
		name string
		in   string
		bad  bool
	}{
		{"value", "INSERT INTO t (a) VALUES ('" + long(MaxValue) + "'),(1);", false},
		{"value beyond", "INSERT INTO t (a) VALUES ('" + long(MaxValue+1) + "'),(1);", true},
		{"value of COPY", "COPY t (a) FROM stdin;\n" + long(MaxValue) + "\n1\n\\.\n", false},
		{"value of COPY beyond", "COPY t (a) FROM stdin;\n" + long(MaxValue) + "\\n\n1\n\\.\n", true},
		{"row", "INSERT INTO t (a,b,c,d) VALUES (" + strings.Repeat("'"+long(MaxRow/4)+"',", 3) + "'" + long(MaxRow/4) + "'),(1,2,3,4);", false},
		{"row beyond", "INSERT INTO t (a,b,c,d,e) VALUES (" + strings.Repeat("'"+long(MaxRow/4)+"',", 4) + "1),(1,2,3,4,5);", true},
		{"columns", "INSERT INTO t (" + strings.Repeat("a,", MaxColumns-1) + "a) VALUES (" + strings.Repeat("1,", MaxColumns-1) + "1);INSERT INTO t (a) VALUES (1);", false},
		{"columns beyond", "INSERT INTO t (" + strings.Repeat("a,", MaxColumns) + "a) VALUES (1);INSERT INTO t (a) VALUES (1);", true},
		{"name", "INSERT INTO t (" + long(MaxName) + ") VALUES (1);INSERT INTO t (a) VALUES (1);", false},
		{"name beyond", "INSERT INTO t (" + long(MaxName+1) + ") VALUES (1);INSERT INTO t (a) VALUES (1);", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := newDump(strings.NewReader(tt.in), mysql, []string{"t"})
			rows, faults := 0, 0
			for {
				_, err := d.next()
				if errors.Is(err, io.EOF) {
					break
				}
				if _, bad := IsFault(err); bad {
					faults++
				} else if err != nil {
					t.Fatal(err)
				} else {
					rows++
				}
			}
			if want := map[bool][2]int{false: {2, 0}, true: {1, 1}}[tt.bad]; [2]int{rows, faults} != want {
				t.Errorf("%d rows and %d faults, want %d and %d", rows, faults, want[0], want[1])
			}
		})
	}
}

// However a compressed dump is cut, the rows before the cut are given, and the
// cut is named.
func TestDumpTorn(t *testing.T) {
	var sql strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&sql, "INSERT INTO t (a) VALUES (%d);\n", i*7919%10007)
	}
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	io.WriteString(w, sql.String())
	w.Close()
	for _, keep := range []int{1, 2, 10} {
		in, err := gzip.NewReader(bytes.NewReader(z.Bytes()[:z.Len()-z.Len()*keep/20]))
		if err != nil {
			t.Fatal(err)
		}
		d := newDump(in, mysql, []string{"t"})
		lines := strings.Split(strings.TrimSpace(told(d)), "\n")
		last := lines[len(lines)-1]
		if len(lines) < 100 || !strings.HasPrefix(last, "! ") || !strings.Contains(last, "cut short") || !d.cut {
			t.Errorf("without %d/20: %d lines, the last %q", keep, len(lines), last)
		}
	}
}

func FuzzDump(f *testing.F) {
	for _, s := range []string{
		"CREATE TABLE `t` (`a` int, KEY (`a`));\nINSERT INTO `t` VALUES (1),('a\\'b'),(NULL),(0xff);\n-- x\n/*!40101 SET NAMES latin1 */;",
		"COPY t (a, b) FROM stdin;\n1\t\\N\n\\101\\x41\tx\n\\.\nSET client_encoding = 'UTF8';",
		"DELIMITER ;;\nx;;\nDELIMITER ;\nINSERT INTO t (a) VALUES (E'\\'','x'::text);$a$;$a$",
		"INSERT INTO t (a) VALUES ((((", "/*", "/**/--", "INSERT INTO", "COPY t", "SET NAMES",
	} {
		f.Add(s, true)
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, in string, my bool) {
		d := newDump(strings.NewReader(in), map[bool]dialect{true: mysql, false: standard}[my], []string{"t"})
		for steps := 0; ; steps++ {
			r, err := d.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if _, bad := IsFault(err); !bad && err != nil {
				return
			}
			if err == nil && len(r.cells) != len(r.columns) {
				t.Errorf("row of %d values for %d columns", len(r.cells), len(r.columns))
			}
			if steps > len(in)+10 {
				t.Fatal("does not end")
			}
		}
	})
}
