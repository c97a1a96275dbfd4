package rating_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"rerate/internal/rating"
)

// The JSON that users see: names, defaults and nesting are a contract.
const settingsContract = `{"ask":{"automatic":true,"users":true,"leads":true,"outbound":false,"workflow_started":true,
  "require_teammate_reply":true,"min_characters":250,"max_days_since_reply":7,"skip_group":true,"skip_bot_assignee":true,
  "suppress_tags":["fraud","dupe","do_not_send"],"suppression_days":0,"delay_minutes":0,"max_per_conversation":3,
  "sample_percent":100,"channels":{"chat":true,"email":true},"chat_method":"link"},
 "windows":{"rate_hours":0,"change_hours":0,"undo_minutes":1},
 "policy":"latest","note":"full","test_mode":false,"test_contacts":[],
 "write_back":{"attributes":true,"event":true,"tag":"","native_rating":false},
 "time_zone":"UTC","target":0.9,"min_sample":10,"retention_days":0}`

// The thanks of the default wording are our own words, which the contract leaves open.
const wordingContract = `{"question":"Rate your conversation again",
 "options":[{"score":1,"emoji":"😠","label":"Terrible"},{"score":2,"emoji":"🙁","label":"Bad"},{"score":3,"emoji":"😐","label":"OK"},
            {"score":4,"emoji":"😃","label":"Good"},{"score":5,"emoji":"😍","label":"Amazing"}],
 "remarks":{"enabled":true,"label":"Anything to add?","placeholder":"","ask_why_up_to":3},
 "thanks":{"negative":"…","neutral":"…","positive":"…"},
 "locales":{}}`

func tree(t *testing.T, value any) any {
	t.Helper()
	text, ok := value.(string)
	if !ok {
		body, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		text = string(body)
	}
	var decoded any
	if err := json.Unmarshal([]byte(text), &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestDefaultSettingsAreTheContract(t *testing.T) {
	if diff := cmp.Diff(tree(t, settingsContract), tree(t, rating.DefaultSettings())); diff != "" {
		t.Errorf("(-contract +ours)\n%s", diff)
	}
	if problems := rating.DefaultSettings().Validate(); problems != nil {
		t.Errorf("the defaults are wrong: %v", problems)
	}
}

func TestDefaultWordingIsTheContract(t *testing.T) {
	w := rating.DefaultWording()
	if problems := w.Validate(); problems != nil {
		t.Errorf("the default is wrong: %v", problems)
	}
	for _, sentiment := range []rating.Sentiment{"negative", "neutral", "positive"} {
		if w.Thanks.For(sentiment) == "" {
			t.Errorf("no thanks for %s", sentiment)
		}
	}
	w.Thanks = rating.Thanks{Negative: "…", Neutral: "…", Positive: "…"}
	if diff := cmp.Diff(tree(t, wordingContract), tree(t, w)); diff != "" {
		t.Errorf("(-contract +ours)\n%s", diff)
	}
}

// The contract's own example of a language and of a sentiment is read, and written as it was.
func TestTranslationIsTheContract(t *testing.T) {
	const example = `{"question":"Q","options":[{"score":1,"emoji":"👎","label":"No","sentiment":"negative"},{"score":2,"emoji":"👍","label":"Yes"}],
	 "remarks":{"enabled":false,"label":"","placeholder":"","ask_why_up_to":0},"thanks":{},
	 "locales":{"fr":{"question":"…","labels":["…"],"remarks":{"label":"…"},"thanks":{}}}}`
	var w rating.Wording
	if err := json.Unmarshal([]byte(example), &w); err != nil {
		t.Fatal(err)
	}
	want := rating.Translation{Question: "…", Labels: []string{"…"}, Remarks: rating.TranslationRemarks{Label: "…"}}
	if diff := cmp.Diff(want, w.Locales["fr"]); diff != "" {
		t.Errorf("read as (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff(tree(t, example), tree(t, w)); diff != "" {
		t.Errorf("written as (-want +got)\n%s", diff)
	}
}

// Every field of the settings has a JSON name in small letters, so that none slips into the contract by accident.
func TestEveryFieldHasAName(t *testing.T) {
	var visit func(kind reflect.Type)
	visit = func(kind reflect.Type) {
		for i := range kind.NumField() {
			field := kind.Field(i)
			if field.Tag.Get("json") == "" {
				t.Errorf("%s.%s has no JSON name", kind, field.Name)
			}
			if field.Type.Kind() == reflect.Struct {
				visit(field.Type)
			}
		}
	}
	visit(reflect.TypeFor[rating.Settings]())
	visit(reflect.TypeFor[rating.Wording]())
	visit(reflect.TypeFor[rating.Translation]())
	visit(reflect.TypeFor[rating.Option]())
}
