package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"rerate/internal/csvfile"
	"rerate/internal/rating"
	"rerate/models"
)

// The most that one file may hold. A larger one can be split: the order of files does not matter.
const (
	MaxImportBytes = 16 << 20
	MaxImportRows  = 50_000
)

// ImportTable is what a file looks like before anybody has said what its columns mean.
type ImportTable struct {
	Encoding        string
	EncodingGuessed bool
	Replaced        int // bytes that were no character
	Separator       string
	Header          []string
	Sample          [][]string // of the first rows, as many cells as the header has
}

// ImportCheck is what a file would do: a dry run.
type ImportCheck struct {
	ImportTable
	Options  models.ImportOptions
	Wrong    rating.Problems // with the options, by field; nothing was read then
	Rows     int             // all rows
	Good     int             // of these, ratings
	Twins    int             // the same as an earlier row
	Known    int             // stored already
	Problems []models.ImportProblem
	From, To time.Time // of the first and the last rating
}

// New is how many ratings would come in.
func (c ImportCheck) New() int { return c.Good - c.Known }

// openTable opens a file that somebody gave us.
func openTable(raw []byte) (*csvfile.Table, error) {
	if len(raw) > MaxImportBytes {
		return nil, invalidFile(fmt.Errorf("it is larger than %d MB; split it into several", MaxImportBytes>>20))
	}
	t, err := csvfile.Open(raw)
	if err != nil {
		return nil, invalidFile(err)
	}
	return t, nil
}

func invalidFile(err error) error {
	return Error{Code: Invalid, Sentence: "The file cannot be imported: " + strings.TrimSuffix(err.Error(), ".") + "."}
}

func describeTable(t *csvfile.Table) ImportTable {
	return ImportTable{
		Encoding: t.Encoding, EncodingGuessed: t.Guessed, Replaced: t.Replaced, Header: t.Header,
		Separator: csvfile.SeparatorName(t.Separator),
	}
}

// importReader turns rows of a file into ratings.
type importReader struct {
	options   models.ImportOptions
	header    []string
	zone      *time.Location
	latest    time.Time // a rating cannot be younger
	scale     []rating.Option
	teammates map[string]string // id by name, where only one has it
	lines     map[[16]byte]int  // of the ratings that were read
}

var (
	conversationIDs = regexp.MustCompile(`^[0-9]{1,20}$`)
	otherIDs        = regexp.MustCompile(`^[0-9A-Za-z_-]{0,64}$`)
	channelNames    = regexp.MustCompile(`^[a-z_]{1,40}$`)
	earliestRating  = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
)

// maxName is the longest name of a teammate that is believed.
const maxName = 200

// read turns one row into a rating, or says what is wrong with it. twin is the line that says the same already.
func (r *importReader) read(row csvfile.Row) (out models.ImportRow, twin int, problem *models.ImportProblem) {
	wrong := func(field, format string, args ...any) *models.ImportProblem {
		p := models.ImportProblem{Line: row.Line, Text: fmt.Sprintf(format, args...)}
		if n, ok := r.options.Columns[field]; ok {
			p.Column = r.header[n]
		}
		return &p
	}
	if row.Problem != "" {
		return out, 0, wrong("", "%s", row.Problem)
	}
	cells := map[string]string{}
	for _, f := range ImportFields {
		cell := strings.TrimSpace(r.cell(row, f.Key))
		if strings.ContainsRune(cell, 0) {
			return out, 0, wrong(f.Key, "The cell holds a NUL character, which is no text.")
		}
		if cell == "" && f.Required {
			return out, 0, wrong(f.Key, "The cell is empty.")
		}
		cells[f.Key] = cell
	}
	score, ok := r.score(cells["score"])
	at, timeErr := parseTime(cells["rated_at"], r.zone)
	channel := strings.ToLower(cells["channel"])
	if channel == "conversation" || channel == "" {
		channel = models.Chat
	}
	switch {
	case !conversationIDs.MatchString(cells["conversation_id"]):
		return out, 0, wrong("conversation_id", "“%s” is no id of a conversation, which has only digits.", shorten(cells["conversation_id"]))
	case !ok:
		return out, 0, wrong("score", "“%s” is not on the scale from 1 to %d.", shorten(cells["score"]), r.options.Scale)
	case timeErr != nil:
		return out, 0, wrong("rated_at", "The time “%s” %s.", shorten(cells["rated_at"]), timeErr)
	case at.Before(earliestRating):
		return out, 0, wrong("rated_at", "The time “%s” is before the year 2000.", shorten(cells["rated_at"]))
	case at.After(r.latest):
		return out, 0, wrong("rated_at", "The time “%s” is still to come.", shorten(cells["rated_at"]))
	case !otherIDs.MatchString(cells["contact_id"]):
		return out, 0, wrong("contact_id", "“%s” is no id of a contact in Intercom.", shorten(cells["contact_id"]))
	case !otherIDs.MatchString(cells["teammate_id"]):
		return out, 0, wrong("teammate_id", "“%s” is no id of a teammate in Intercom.", shorten(cells["teammate_id"]))
	case !channelNames.MatchString(channel):
		return out, 0, wrong("channel", "“%s” is no channel; write chat, email or another of Intercom's.", shorten(cells["channel"]))
	case utf8.RuneCountInString(cells["remark"]) > MaxRemark:
		return out, 0, wrong("remark", "The remark is longer than %d characters.", MaxRemark)
	case utf8.RuneCountInString(cells["teammate_name"]) > maxName:
		return out, 0, wrong("teammate_name", "The name is longer than %d characters.", maxName)
	}
	option := r.scale[score-1]
	out = models.ImportRow{
		Line: row.Line, ConversationID: cells["conversation_id"], ContactID: cells["contact_id"], Score: score, Scale: r.options.Scale,
		Sentiment: option.Sentiment, Emoji: option.Emoji, Label: option.Label, Remark: cells["remark"], At: at.Truncate(time.Microsecond),
		TeammateID: cells["teammate_id"], TeammateName: cells["teammate_name"], Channel: channel,
	}
	if out.TeammateID == "" {
		out.TeammateID = r.teammates[out.TeammateName]
	}
	key := importKey(out)
	out.SourceKey = "import:" + hex.EncodeToString(key[:])
	if first, seen := r.lines[key]; seen {
		return out, first, nil
	}
	r.lines[key] = out.Line
	return out, 0, nil
}

func (r *importReader) cell(row csvfile.Row, field string) string {
	if n, ok := r.options.Columns[field]; ok && n < len(row.Cells) {
		return row.Cells[n]
	}
	return ""
}

// score reads a number, or the emoji or label of an option.
func (r *importReader) score(text string) (int, bool) {
	if n, err := strconv.Atoi(strings.TrimSuffix(text, ".0")); err == nil {
		return n, n >= 1 && n <= r.options.Scale
	}
	for _, o := range r.scale {
		if text == o.Emoji || strings.EqualFold(text, o.Label) {
			return o.Score, true
		}
	}
	return 0, false
}

// importKey is the same for the same rating in any file and on any line.
func importKey(r models.ImportRow) (key [16]byte) {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d\x00%d/%d", r.ConversationID, r.ContactID, r.At.UnixMicro(), r.Score, r.Scale))
	copy(key[:], sum[:])
	return key
}

// shorten keeps a cell short enough for a sentence.
func shorten(cell string) string {
	const most = 40
	cell = strings.Join(strings.Fields(cell), " ")
	if runes := []rune(cell); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return cell
}

// importScale are the options of the scale of a file: those of the wording in use if it has as many, else well-known
// ones, with the sentiments that every scale has by its size.
func importScale(size int, wording rating.Wording) []rating.Option {
	options := make([]rating.Option, size)
	for i := range options {
		options[i] = rating.Option{Score: i + 1, Label: fmt.Sprintf("%d of %d", i+1, size)}
	}
	if len(wording.Options) == size {
		copy(options, wording.Options)
	} else if own := rating.DefaultWording().Options; len(own) == size {
		copy(options, own)
	}
	for i := range options {
		if options[i].Score = i + 1; options[i].Sentiment == "" {
			options[i].Sentiment = rating.SentimentOf(i+1, size)
		}
	}
	return options
}
