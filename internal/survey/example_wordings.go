package survey

import (
	"strings"
	"time"

	"rerate/internal/rating"
	"rerate/models"
)

// exampleWording is a version of the wording that a made-up teammate published.
type exampleWording struct {
	day     int // of the year
	author  int // in exampleTeammates
	answers float64
	wording rating.Wording
}

// exampleWordings are what the made-up shop asked with, oldest first. Rerate's own comes before them; each gets a few
// more answers than the one before.
var exampleWordings = []exampleWording{
	{day: 62, author: 4, answers: 1, wording: rating.Wording{
		Question: "How did we do this time?",
		Options:  faces("😠 Terrible", "🙁 Bad", "😐 OK", "😃 Good", "😍 Amazing"),
		Remarks:  rating.Remarks{Enabled: true, Label: "Anything to add?", AskWhyUpTo: 3},
		Thanks:   rating.DefaultWording().Thanks,
		Locales: map[string]rating.Translation{
			"de": {
				Question: "Wie war es diesmal?", Labels: []string{"Furchtbar", "Schlecht", "Geht so", "Gut", "Großartig"},
				Remarks: rating.TranslationRemarks{Label: "Möchten Sie etwas dazu sagen?"},
				Thanks: rating.Thanks{
					Negative: "Danke für die offenen Worte. Das Team sieht Ihre Antwort.", Neutral: "Danke! Das Team sieht Ihre Antwort.",
					Positive: "Danke! Das freut uns.",
				},
			},
			"fr": {
				Question: "Et cette fois, comment était-ce ?", Labels: []string{"Affreux", "Mauvais", "Correct", "Bien", "Formidable"},
				Remarks: rating.TranslationRemarks{Label: "Quelque chose à ajouter ?"},
			},
		},
	}},
	{day: 171, author: 2, answers: 1.14, wording: rating.Wording{
		Question: "Is your question solved now?",
		Options:  faces("😞 Not at all", "🙁 Hardly", "😐 Partly", "🙂 Mostly", "🤩 Completely"),
		Remarks:  rating.Remarks{Enabled: true, Label: "Anything to add?", AskWhyUpTo: 3, WhyLabel: "What is still open?"},
		Thanks: rating.Thanks{
			Negative: "Thank you for telling us. Somebody will look at it again.",
			Neutral:  "Thank you. We read every answer.",
			Positive: "Thank you. Enjoy your time outside!",
		},
		Locales: map[string]rating.Translation{
			"de": {
				Question: "Ist Ihre Frage jetzt gelöst?", Labels: []string{"Gar nicht", "Kaum", "Teilweise", "Größtenteils", "Ganz"},
				Remarks: rating.TranslationRemarks{Label: "Möchten Sie etwas dazu sagen?", WhyLabel: "Was ist noch offen?"},
			},
			"fr": {
				Question: "Votre question est-elle réglée ?", Labels: []string{"Pas du tout", "À peine", "En partie", "Presque", "Tout à fait"},
				Remarks: rating.TranslationRemarks{Label: "Quelque chose à ajouter ?", WhyLabel: "Que reste-t-il à régler ?"},
			},
			"es": {
				Question: "¿Ya está resuelto?", Labels: []string{"Nada", "Apenas", "En parte", "Casi todo", "Del todo"},
				Remarks: rating.TranslationRemarks{Label: "¿Algo que añadir?", WhyLabel: "¿Qué falta por resolver?"},
			},
		},
	}},
	{day: 291, author: 0, answers: 1.25, wording: rating.Wording{
		Question: "How happy are you with our help?",
		Options:  faces("😡 Very unhappy", "😕 Unhappy", "😐 So-so", "🙂 Happy", "😍 Very happy"),
		Remarks: rating.Remarks{
			Enabled: true, Label: "What should we know?", Placeholder: "A word is enough", AskWhyUpTo: 2, WhyLabel: "What should have gone differently?",
		},
		Thanks: rating.Thanks{
			Negative: "Thank you for telling us. Somebody will look at it again.",
			Neutral:  "Thank you. We read every answer.",
			Positive: "Thank you. Enjoy your time outside!",
		},
		Locales: map[string]rating.Translation{
			"de": {
				Question: "Wie zufrieden sind Sie mit unserer Hilfe?",
				Labels:   []string{"Sehr unzufrieden", "Unzufrieden", "Geht so", "Zufrieden", "Sehr zufrieden"},
				Remarks: rating.TranslationRemarks{
					Label: "Was sollten wir wissen?", Placeholder: "Ein Wort genügt", WhyLabel: "Was hätte anders laufen sollen?",
				},
			},
			"fr": {
				Question: "Êtes-vous content de notre aide ?",
				Labels:   []string{"Très mécontent", "Mécontent", "Moyen", "Content", "Très content"},
				Remarks:  rating.TranslationRemarks{Label: "Que devrions-nous savoir ?", WhyLabel: "Qu'aurait-il fallu faire autrement ?"},
			},
			"es": {
				Question: "¿Qué tan contento está con nuestra ayuda?",
				Labels:   []string{"Muy descontento", "Descontento", "Regular", "Contento", "Muy contento"},
				Remarks:  rating.TranslationRemarks{Label: "¿Qué deberíamos saber?", WhyLabel: "¿Qué debió ser distinto?"},
			},
			"ar": {
				Question: "ما مدى رضاك عن مساعدتنا؟",
				Labels:   []string{"غير راضٍ أبداً", "غير راضٍ", "مقبول", "راضٍ", "راضٍ جداً"},
				Remarks:  rating.TranslationRemarks{Label: "هل تود إضافة شيء؟", WhyLabel: "ما الذي كان يجب أن يختلف؟"},
			},
			"ja": {
				Question: "サポートにご満足いただけましたか？",
				Labels:   []string{"とても不満", "不満", "ふつう", "満足", "とても満足"},
				Remarks:  rating.TranslationRemarks{Label: "ご意見をお聞かせください", WhyLabel: "どこを改善すべきでしょうか？"},
			},
		},
	}},
}

// faces are options, worst first, each as its emoji and its label.
func faces(texts ...string) []rating.Option {
	var options []rating.Option
	for i, text := range texts {
		emoji, label, _ := strings.Cut(text, " ")
		options = append(options, rating.Option{Score: i + 1, Emoji: emoji, Label: label})
	}
	return options
}

// publishWordings makes the versions of the year's wording: Rerate's own before the first day, then those of the team.
func (y *exampleYear) publishWordings() {
	y.data.Contacts = append(y.data.Contacts, exampleTester)
	y.data.Wordings = []models.Wording{{Version: 1, Body: rating.DefaultWording(), PublishedAt: y.morning(-1).UTC()}}
	for i, w := range exampleWordings {
		y.data.Wordings = append(y.data.Wordings, models.Wording{
			Version: i + 2, Body: w.wording.Clean(), AuthorID: exampleTeammateID(w.author),
			PublishedAt: y.morning(w.day).Add(100*time.Minute + time.Duration(i)*17*time.Minute).UTC(),
		})
	}
}

// wordingAt is the version that customers were asked with at a time, and how readily they answered it.
func (y *exampleYear) wordingAt(at time.Time) (wording models.Wording, answers float64) {
	wording, answers = y.data.Wordings[0], .88
	for i, w := range y.data.Wordings[1:] {
		if !w.PublishedAt.After(at) {
			wording, answers = w, exampleWordings[i].answers
		}
	}
	return wording, answers
}

// exampleTester is the customer that a team makes up for its own tests.
var exampleTester = models.Contact{ID: models.ExamplePrefix + "tester", Role: "user", Email: "test@example.com", Name: "Test Customer"}

// tryOut is what a team does after it has published a wording: it sends itself the card in test mode, and taps.
func (y *exampleYear) tryOut(w exampleWording, published models.Wording) {
	t := y.talk(published.PublishedAt.Add(4*time.Minute), exampleContact{id: exampleTester.ID, language: "en"}, w.author)
	t.row.Channel = models.Chat
	t.at = t.at.Add(time.Minute)
	request := t.request(models.ByCard)
	for i, score := range []int{5, 1} {
		t.at = t.at.Add(40 * time.Second)
		r := t.rating(score, &request)
		r.WhyNot = models.Test
		if i == 0 {
			at := t.at.Add(15 * time.Second)
			r.Remark, r.RemarkAt = "Testing, testing: does this arrive? 🤞", &at
		}
		t.respond(&request, r)
	}
	t.data.Requests = append(t.data.Requests, request)
	t.close()
}
