package survey

import (
	"fmt"
	"strings"
	"time"

	"rerate/models"
)

// exampleTeammate is a made-up teammate with habits that the reports should find.
type exampleTeammate struct {
	name   string
	speaks string      // gets most conversations in this language
	share  int         // of new conversations, against the others'
	takes  int         // of reopened conversations that change hands, against the others'
	first  float64     // luck with first ratings, from -1 to 1: see exampleYear.score
	later  float64     // luck with later ones
	asks   float64     // asks again more or less often than usual
	joined exampleDate // zero: was there before the year
	left   exampleDate // zero: is still there
}

// exampleDate is a day of any year.
type exampleDate struct {
	month time.Month
	day   int
}

// exampleTeammates are not in Intercom; nobody can sign in as one.
var exampleTeammates = []exampleTeammate{
	{name: "Amara Okafor", share: 20, takes: 34, first: .10, later: .8, asks: 1.2},
	{name: "Jonas Brandt", speaks: "de", share: 22, takes: 8, first: 0, later: -.2, asks: .9, left: exampleDate{time.September, 1}},
	{name: "Léa Fontaine", speaks: "fr", share: 15, takes: 8, first: .05, later: 0, asks: 1},
	{name: "Hiroshi Tanaka", speaks: "ja", share: 14, takes: 30, first: -.05, later: .75, asks: 1.2},
	{name: "Priya Raman", share: 14, takes: 6, first: .25, later: -.1, asks: 1},
	{name: "Mateo Álvarez", speaks: "es", share: 13, takes: 4, first: -.5, later: -.35, asks: .7, joined: exampleDate{time.April, 7}},
	{name: "Zofia Wiśniewska", speaks: "pl", share: 11, takes: 10, first: .15, later: .2, asks: 1.1},
	{name: "Salma Haddad", speaks: "ar", share: 9, takes: 6, first: 0, later: .05, asks: 1},
}

// exampleTeammateID is the id of one of them, which no teammate in Intercom has.
func exampleTeammateID(i int) string { return fmt.Sprintf("%s%d", models.ExamplePrefix, i+1) }

// exampleNames are how people of one language are called. A name in another script has its Latin letters behind
// a stroke.
type exampleNames struct {
	language      string
	share         int // of all contacts, in per cent
	familyFirst   bool
	given, family []string
}

var exampleLanguages = []exampleNames{
	{
		language: "en", share: 58,
		given: strings.Fields("Emily Liam Olivia Noah Grace Ethan Chloe Oscar Niamh Callum Zoe Marcus Hannah Dylan Freya Aaron Isla Ruby " +
			"Connor Maya Thomas Aisha Daniel Megan Jordan Kwame Sophie Ravi Laura Patrick Naomi Owen Tessa Gareth Holly Samuel"),
		family: strings.Fields("Walsh Bennett O'Brien Carter Hughes Patel Murphy Clarke Nguyen Foster Byrne Adeyemi Collins Reid Khan Mitchell " +
			"Ward Doyle Fraser Sullivan Brooks Kelly Morgan Singh Barnes Hayes Campbell Quinn Ellis Mensah Porter Lowe Gallagher Price Hart Dunne"),
	},
	{
		language: "de", share: 13,
		given:  strings.Fields("Anna Lukas Jürgen Sophie Maximilian Lena Felix Käthe Moritz Greta Stefan Ayşe Tobias Johanna Nils Birgit"),
		family: strings.Fields("Schneider Müller Hoffmann Krüger Becker Vogel Yılmaz Schäfer Lindner Huber Neumann Großmann Winkler Pfeiffer Keller Baumann"),
	},
	{
		language: "fr", share: 9,
		given:  strings.Fields("Camille Hugo Inès Théo Manon Lucas Élodie Mathis Chloé Antoine Fatou Julien"),
		family: strings.Fields("Lefèvre Moreau Girard Rousseau Benali Mercier Dupuis Lambert Diallo Perrin Gauthier Roche"),
	},
	{
		language: "es", share: 8,
		given:  strings.Fields("Lucía Pablo Carmen Álvaro Sofía Diego Inés Javier Valentina Andrés Marta Joaquín"),
		family: strings.Fields("García Fernández Ruiz Muñoz Torres Navarro Ibáñez Castro Ortega Vidal Rojas Peña"),
	},
	{
		language: "pl", share: 4,
		given:  strings.Fields("Łukasz Agnieszka Wojciech Małgorzata Paweł Żaneta Tomasz Kinga"),
		family: strings.Fields("Kowalczyk Wójcik Krzyżanowska Dąbrowski Zieliński Nowak Błaszczyk Gołąb"),
	},
	{
		language: "ar", share: 4,
		given:  strings.Fields("ليلى/layla عمر/omar نور/nour يوسف/youssef مريم/maryam كريم/karim هدى/huda طارق/tariq"),
		family: strings.Fields("الخطيب/alkhatib منصور/mansour حداد/haddad النجار/alnajjar صالح/saleh عباس/abbas"),
	},
	{
		language: "ja", share: 4, familyFirst: true,
		given:  strings.Fields("美咲/misaki 健太/kenta さくら/sakura 翔/sho 陽子/yoko 大輔/daisuke 葵/aoi 直樹/naoki"),
		family: strings.Fields("佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 山本/yamamoto 中村/nakamura 小林/kobayashi 加藤/kato"),
	},
}

// exampleContact is a made-up customer.
type exampleContact struct{ id, language string }

// newContact makes up a customer who has not written before.
func (y *exampleYear) newContact() exampleContact {
	weights := make([]int, len(exampleLanguages))
	for i, l := range exampleLanguages {
		weights[i] = l.share
	}
	names := exampleLanguages[y.pick(weights)]
	given, mailGiven := nameAndMail(names.given[y.random.IntN(len(names.given))])
	family, mailFamily := nameAndMail(names.family[y.random.IntN(len(names.family))])
	name := given + " " + family
	if names.familyFirst {
		name = family + " " + given
	}
	number := len(y.contacts) + 1
	mail := mailGiven + "." + mailFamily
	y.mailboxes[mail]++
	if n := y.mailboxes[mail]; n > 1 {
		mail = fmt.Sprintf("%s%d", mail, n)
	}
	row := models.Contact{ID: fmt.Sprintf("%s%04d", models.ExamplePrefix, number), Role: "lead", Email: mail + "@example.com", Name: name}
	if y.chance(.85) {
		row.Role, row.ExternalID = "user", fmt.Sprintf("customer-%d", 10_000+7*number)
	}
	y.data.Contacts = append(y.data.Contacts, row)
	contact := exampleContact{id: row.ID, language: names.language}
	y.contacts = append(y.contacts, contact)
	return contact
}

// nameAndMail cuts a name into what is shown and what stands in an e-mail address.
func nameAndMail(entry string) (shown, mail string) {
	shown, mail, ok := strings.Cut(entry, "/")
	if !ok {
		mail = plainLetters.Replace(strings.ToLower(shown))
	}
	return shown, mail
}

var plainLetters = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss", "á", "a", "é", "e", "è", "e", "í", "i", "ó", "o",
	"ú", "u", "ñ", "n", "ş", "s", "ı", "i", "'", "", "ą", "a", "ę", "e", "ł", "l", "ń", "n", "ś", "s", "ż", "z", "ź", "z")
