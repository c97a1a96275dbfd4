package csvfile

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func all(t *Table) (rows []Row) {
	for {
		row, ok := t.Next()
		if !ok {
			return rows
		}
		rows = append(rows, row)
	}
}

func utf16Bytes(order binary.AppendByteOrder, text string) (raw []byte) {
	for _, unit := range utf16.Encode([]rune(text)) {
		raw = order.AppendUint16(raw, unit)
	}
	return raw
}

func TestEncodings(t *testing.T) {
	const text = "id,remark\n1,Größe 😀 – “gut”\n"
	plain := strings.ReplaceAll(text, " 😀", "")
	for _, c := range []struct {
		name, want string
		raw        []byte
		encoding   string
		guessed    bool
		replaced   int
	}{
		{"UTF-8", text, []byte(text), "UTF-8", false, 0},
		{"UTF-8 with a mark", text, []byte("\xef\xbb\xbf" + text), "UTF-8", false, 0},
		{"UTF-16, little end first", text, append([]byte("\xff\xfe"), utf16Bytes(binary.LittleEndian, text)...), "UTF-16", false, 0},
		{"UTF-16, big end first", text, append([]byte("\xfe\xff"), utf16Bytes(binary.BigEndian, text)...), "UTF-16", false, 0},
		{"UTF-16 without a mark", text, utf16Bytes(binary.LittleEndian, text), "UTF-16", false, 0},
		{"UTF-16 without a mark, big end first", text, utf16Bytes(binary.BigEndian, text), "UTF-16", false, 0},
		{"half of a pair", "id\n\uFFFD", append([]byte("\xff\xfe"), append(utf16Bytes(binary.LittleEndian, "id\n"), 0x3d, 0xd8)...), "UTF-16", false, 1},
		{"Windows-1252", plain, []byte("id,remark\n1,Gr\xf6\xdfe \x96 \x93gut\x94\n"), "Windows-1252", true, 0},
		{"Windows-1252 with a hole", "id\n\uFFFDé\n", []byte("id\n\x81\xe9\n"), "Windows-1252", true, 1},
		{"UTF-8 with a broken byte", "id\nGröße\uFFFD\n", []byte("id\nGröße\xff\n"), "UTF-8", false, 1},
		{"UTF-8 with a mark and broken bytes", "id\n\uFFFD\uFFFD", []byte("\xef\xbb\xbfid\n\xff\xfe"), "UTF-8", false, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Open(c.raw)
			if err != nil {
				t.Fatal(err)
			}
			if table.text != c.want || table.Encoding != c.encoding || table.Guessed != c.guessed || table.Replaced != c.replaced {
				t.Errorf("%q as %s, guessed %v, %d replaced", table.text, table.Encoding, table.Guessed, table.Replaced)
			}
		})
	}
}

func TestRows(t *testing.T) {
	for _, c := range []struct {
		name, file string
		separator  rune
		want       []Row
	}{
		{"commas", "a,b\n1,2\n", ',', []Row{{2, []string{"1", "2"}, ""}}},
		{"line ends of Windows", "a,b\r\n1,\"x\r\ny\"\r\n3,4\r\n", ',', []Row{{2, []string{"1", "x\ny"}, ""}, {4, []string{"3", "4"}, ""}}},
		{"line ends of old Macs", "a,b\r1,2\r3,4", ',', []Row{{2, []string{"1", "2"}, ""}, {3, []string{"3", "4"}, ""}}},
		{"semicolons", "a;\"b,b,b\"\n1;2,3\n", ';', []Row{{2, []string{"1", "2,3"}, ""}}},
		{"tabs", "a\tb\n1\t2\n", '\t', []Row{{2, []string{"1", "2"}, ""}}},
		{"bars", "a|b\n1|2\n", '|', []Row{{2, []string{"1", "2"}, ""}}},
		{"Excel's own line", "sep=;\r\na;b,c,d\r\n1;2\r\n", ';', []Row{{3, []string{"1", "2"}, ""}}},
		{"empty lines", "\n\na,b\n\n1,2\n\n", ',', []Row{{5, []string{"1", "2"}, ""}}},
		{"one column", "a\n1\n", ',', []Row{{2, []string{"1"}, ""}}},
		{"fewer cells", "a,b,c\n1\n", ',', []Row{{2, []string{"1"}, ""}}},
		{"empty cells too many", "a,b\n1,2,,\n", ',', []Row{{2, []string{"1", "2", "", ""}, ""}}},
		{"a quotation mark as inches", "a,b\n1,a 5\" screen\n2,x\n", ',', []Row{{2, []string{"1", "a 5\" screen"}, ""}, {3, []string{"2", "x"}, ""}}},
		{"doubled quotation marks", "a,b\n1,\"he said \"\"no\"\"\"\n", ',', []Row{{2, []string{"1", `he said "no"`}, ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Open([]byte(c.file))
			if err != nil {
				t.Fatal(err)
			}
			got := all(table)
			same := slices.EqualFunc(got, c.want, func(a, b Row) bool {
				return a.Line == b.Line && slices.Equal(a.Cells, b.Cells) && a.Problem == b.Problem
			})
			if !same || table.Separator != c.separator {
				t.Errorf("separator %q, rows %+v, want %+v", table.Separator, got, c.want)
			}
		})
	}
}

func TestRowsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		name, file, problem string
		line, rows          int
	}{
		{"too many cells", "a,b\n1,2\n1,2,3\n4,5\n", "has 3 cells, the header has 2", 3, 3},
		{"a quotation mark not doubled", "a,b\n1,\"x\"y\"\n4,5\n", "not doubled", 2, 2},
		{"a quotation mark not closed", "a,b\n1,2\n3,\"x\n4,5\n6,7\n", "read up to line 5", 3, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, err := Open([]byte(c.file))
			if err != nil {
				t.Fatal(err)
			}
			rows := all(table)
			bad := slices.IndexFunc(rows, func(r Row) bool { return r.Problem != "" })
			if len(rows) != c.rows || bad < 0 || rows[bad].Line != c.line || !strings.Contains(rows[bad].Problem, c.problem) {
				t.Errorf("rows %+v", rows)
			}
		})
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	for file, want := range map[string]string{
		"":                              "empty",
		"\n\r\n":                        "empty",
		"\xef\xbb\xbf":                  "empty",
		"PK\x03\x04 and so on":          "Excel",
		"%PDF-1.7":                      "PDF",
		"a,\"b\n1,2\n":                  "header",
		strings.Repeat(",", maxColumns): "columns",
	} {
		if _, err := Open([]byte(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", file, err)
		}
	}
}

// What a program writes by the rules is read as it was meant, in any encoding and with any separator.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		separator := rapid.SampledFrom([]rune(separators)).Draw(t, "separator")
		cell := rapid.StringMatching(`[a-zé😀,;|"\n\t -]{0,8}`)
		want := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 0, 5).Draw(t, "rows")
		var file bytes.Buffer
		out := csv.NewWriter(&file)
		out.Comma = separator
		if err := out.WriteAll(append([][]string{{"one", "two", "three"}}, want...)); err != nil {
			t.Fatal(err)
		}
		raw := file.Bytes()
		if rapid.Bool().Draw(t, "as UTF-16") {
			raw = append([]byte("\xff\xfe"), utf16Bytes(binary.LittleEndian, file.String())...)
		}
		table, err := Open(raw)
		if err != nil {
			t.Fatal(err)
		}
		got := all(table)
		if len(got) != len(want) || table.Separator != separator {
			t.Fatalf("%d rows by %q, want %d by %q", len(got), table.Separator, len(want), separator)
		}
		for i, row := range got {
			if row.Problem != "" || !slices.Equal(row.Cells, want[i]) {
				t.Errorf("row %+v, want %q", row, want[i])
			}
		}
	})
}

// Whatever the bytes are, reading ends, lines go up, and every text is one that a database takes but for NUL.
func FuzzOpen(f *testing.F) {
	for _, seed := range []string{
		"a,b\n1,2\n", "sep=;\na;b\n", "a\t\"b\nc\"\n", "\xff\xfea\x00,\x00b\x00\n\x00", "a,b\n\"x\"y,\n", "a\r1\r", "a\n\x00\n", "a\n\x81\xff", "\"\n\"", "a,b\n1,2\"3\n\"",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		table, err := Open(raw)
		if err != nil {
			return
		}
		last := 0
		for _, row := range all(table) {
			if row.Line <= last || row.Line > len(raw)+1 {
				t.Fatalf("line %d after %d", row.Line, last)
			}
			last = row.Line
			if row.Problem == "" && len(row.Cells) == 0 {
				t.Fatal("a row without cells")
			}
			for _, cell := range row.Cells {
				if !utf8.ValidString(cell) {
					t.Fatalf("cell %q", cell)
				}
			}
		}
	})
}
