package handlers

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"rerate/internal/rating"
)

// setting is one field of the settings form: its key in the contract, how it is shown, and how it is read. read
// answers a sentence when the value is not one.
type setting struct {
	key  string
	show func(rating.Settings) string
	read func(*rating.Settings, string) (problem string)
}

// settingFields is every setting. A test holds the keys against the JSON of the settings.
var settingFields = []setting{
	toggle("ask.automatic", func(s *rating.Settings) *bool { return &s.Ask.Automatic }),
	toggle("ask.users", func(s *rating.Settings) *bool { return &s.Ask.Users }),
	toggle("ask.leads", func(s *rating.Settings) *bool { return &s.Ask.Leads }),
	toggle("ask.outbound", func(s *rating.Settings) *bool { return &s.Ask.Outbound }),
	toggle("ask.workflow_started", func(s *rating.Settings) *bool { return &s.Ask.WorkflowStarted }),
	toggle("ask.require_teammate_reply", func(s *rating.Settings) *bool { return &s.Ask.RequireTeammateReply }),
	number("ask.min_characters", func(s *rating.Settings) *int { return &s.Ask.MinCharacters }),
	number("ask.max_days_since_reply", func(s *rating.Settings) *int { return &s.Ask.MaxDaysSinceReply }),
	toggle("ask.skip_group", func(s *rating.Settings) *bool { return &s.Ask.SkipGroup }),
	toggle("ask.skip_bot_assignee", func(s *rating.Settings) *bool { return &s.Ask.SkipBotAssignee }),
	lines("ask.suppress_tags", func(s *rating.Settings) *[]string { return &s.Ask.SuppressTags }),
	number("ask.suppression_days", func(s *rating.Settings) *int { return &s.Ask.SuppressionDays }),
	number("ask.delay_minutes", func(s *rating.Settings) *int { return &s.Ask.DelayMinutes }),
	number("ask.max_per_conversation", func(s *rating.Settings) *int { return &s.Ask.MaxPerConversation }),
	number("ask.sample_percent", func(s *rating.Settings) *int { return &s.Ask.SamplePercent }),
	toggle("ask.channels.chat", func(s *rating.Settings) *bool { return &s.Ask.Channels.Chat }),
	toggle("ask.channels.email", func(s *rating.Settings) *bool { return &s.Ask.Channels.Email }),
	text("ask.chat_method", func(s *rating.Settings) *rating.ChatMethod { return &s.Ask.ChatMethod }),
	number("windows.rate_hours", func(s *rating.Settings) *int { return &s.Windows.RateHours }),
	number("windows.change_hours", func(s *rating.Settings) *int { return &s.Windows.ChangeHours }),
	number("windows.undo_minutes", func(s *rating.Settings) *int { return &s.Windows.UndoMinutes }),
	text("policy", func(s *rating.Settings) *rating.Policy { return &s.Policy }),
	text("note", func(s *rating.Settings) *rating.NoteMode { return &s.Note }),
	toggle("test_mode", func(s *rating.Settings) *bool { return &s.TestMode }),
	lines("test_contacts", func(s *rating.Settings) *[]string { return &s.TestContacts }),
	toggle("write_back.attributes", func(s *rating.Settings) *bool { return &s.WriteBack.Attributes }),
	toggle("write_back.event", func(s *rating.Settings) *bool { return &s.WriteBack.Event }),
	text("write_back.tag", func(s *rating.Settings) *string { return &s.WriteBack.Tag }),
	toggle("write_back.native_rating", func(s *rating.Settings) *bool { return &s.WriteBack.NativeRating }),
	text("time_zone", func(s *rating.Settings) *string { return &s.TimeZone }),
	percent("target", func(s *rating.Settings) *float64 { return &s.Target }),
	number("min_sample", func(s *rating.Settings) *int { return &s.MinSample }),
	number("retention_days", func(s *rating.Settings) *int { return &s.RetentionDays }),
}

// settingsValues fills the form.
func settingsValues(s rating.Settings) map[string]string {
	values := map[string]string{}
	for _, field := range settingFields {
		values[field.key] = field.show(s)
	}
	return values
}

// sentValues fills the form with what was sent, so that nothing that was typed is lost.
func sentValues(sent url.Values) map[string]string {
	values := map[string]string{}
	for _, field := range settingFields {
		values[field.key] = sent.Get(field.key)
	}
	return values
}

// readSettings reads the whole form; errs says by key what is wrong. A switch that is off is not sent, so a form
// that was cut off is noticed by its other fields: an empty number is none.
func readSettings(sent url.Values) (s rating.Settings, errs map[string]string) {
	errs = map[string]string{}
	for _, field := range settingFields {
		if problem := field.read(&s, strings.TrimSpace(sent.Get(field.key))); problem != "" {
			errs[field.key] = problem
		}
	}
	for key, problem := range s.Validate() {
		if errs[key] == "" {
			errs[key] = problem
		}
	}
	return s, errs
}

func toggle(key string, of func(*rating.Settings) *bool) setting {
	show := func(s rating.Settings) string {
		if *of(&s) {
			return "true"
		}
		return ""
	}
	return setting{key, show, func(s *rating.Settings, value string) string {
		*of(s) = value == "true"
		return ""
	}}
}

func number(key string, of func(*rating.Settings) *int) setting {
	show := func(s rating.Settings) string { return strconv.Itoa(*of(&s)) }
	return setting{key, show, func(s *rating.Settings, value string) string {
		n, err := strconv.Atoi(value)
		if err != nil {
			return "Write a whole number."
		}
		*of(s) = n
		return ""
	}}
}

func text[T ~string](key string, of func(*rating.Settings) *T) setting {
	show := func(s rating.Settings) string { return string(*of(&s)) }
	return setting{key, show, func(s *rating.Settings, value string) string {
		*of(s) = T(value)
		return ""
	}}
}

// lines is a list, one entry a line.
func lines(key string, of func(*rating.Settings) *[]string) setting {
	show := func(s rating.Settings) string { return strings.Join(*of(&s), "\n") }
	return setting{key, show, func(s *rating.Settings, value string) string {
		*of(s) = []string{}
		for line := range strings.Lines(value) {
			if line = strings.TrimSpace(line); line != "" {
				*of(s) = append(*of(s), line)
			}
		}
		return ""
	}}
}

// percent is a share from 0 to 1, shown as 0 to 100 with up to four digits after the point.
func percent(key string, of func(*rating.Settings) *float64) setting {
	show := func(s rating.Settings) string {
		return strconv.FormatFloat(math.Round(*of(&s)*1e6)/1e4, 'f', -1, 64)
	}
	return setting{key, show, func(s *rating.Settings, value string) string {
		n, err := strconv.ParseFloat(value, 64)
		if err != nil || math.IsNaN(n) || n < 0 || n > 100 {
			return "Write a number from 0 to 100."
		}
		*of(s) = n / 100
		return ""
	}}
}
