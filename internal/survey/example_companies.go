package survey

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"rerate/models"
)

// exampleCompany is a made-up company whose people buy for it.
type exampleCompany struct {
	name    string
	plan    string
	size    int
	share   int    // of all people who belong to a company, against the others'
	speaks  string // most of its people speak this; "" is any language
	since   int    // months before the end of the year in which it became a customer
	monthly int    // what it pays a month
}

var exampleCompanies = []exampleCompany{
	{"Alpenblick Hotels", "Enterprise", 1450, 16, "de", 50, 2400},
	{"Brookfield Scouts", "Club", 85, 12, "en", 31, 60},
	{"Cairn & Co. Guides", "Business", 42, 14, "", 27, 320},
	{"Fjellheim Expeditions", "Business", 130, 13, "", 22, 410},
	{"Gîtes du Vercors", "Business", 64, 10, "fr", 40, 280},
	{"Harbour Rescue Trust", "Club", 210, 8, "en", 18, 60},
	{"Kita Yama Tours", "Business", 58, 8, "ja", 14, 300},
	{"Northline Outfitters", "Enterprise", 980, 15, "", 45, 1900},
	{"Pico Alto Aventuras", "Business", 37, 9, "es", 9, 260},
	{"Sahara Trails صحارى", "Business", 23, 6, "ar", 11, 220},
	{"Tatra Mountain School", "Club", 120, 7, "pl", 25, 90},
	{"Umber Film Productions", "Starter", 12, 3, "", 5, 29},
	{"Wayfarers' Alliance", "Enterprise", 2300, 12, "en", 38, 3100},
}

// Where people of one language may be, and how Intercom writes their language.
var exampleHomes = map[string]struct {
	locale string
	places []string
}{
	"en": {"en", []string{"Dublin, Ireland", "Leeds, United Kingdom", "Cardiff, United Kingdom", "Toronto, Ontario, Canada"}},
	"de": {"de", []string{"München, Bayern, Germany", "Leipzig, Sachsen, Germany", "Innsbruck, Tirol, Austria"}},
	"fr": {"fr", []string{"Lyon, France", "Grenoble, France", "Namur, Belgium"}},
	"es": {"es", []string{"Valencia, Spain", "Bilbao, Spain"}},
	"pl": {"pl", []string{"Kraków, Poland", "Zakopane, Poland"}},
	"ar": {"ar", []string{"Amman, Jordan", "Casablanca, Morocco"}},
	"ja": {"ja", []string{"札幌市, Hokkaido, Japan", "松本市, Nagano, Japan"}},
}

// exampleActs are what customers do, the more frequent first.
var exampleActs = []string{"placed-order", "opened-app", "tracked-parcel", "wrote-review", "returned-item", "joined-hiking-club"}

// exampleTags are tags of conversations, with how many of a hundred have each.
var exampleTags = []struct {
	name string
	of   float64
}{{"delivery", .16}, {"returns", .11}, {"app", .09}, {"sizes", .06}, {"vip", .03}}

// tellPeople says of every contact what Intercom would know of a real one, and puts tags on conversations. It has chance of
// its own, so that the year stays as it is.
func (y *exampleYear) tellPeople() {
	chance := rand.New(rand.NewPCG(exampleSeed, exampleSeed))
	y.data.Companies = y.companies()
	speaks, rated := map[string]string{}, y.ratedAt()
	for _, c := range y.contacts {
		speaks[c.id] = c.language
	}
	for i := range y.data.Contacts {
		c := &y.data.Contacts[i]
		y.tellContact(chance, c, rated[c.ID], cmp.Or(speaks[c.ID], "en"))
	}
	// A company that nobody belongs to is not known.
	y.data.Companies = slices.DeleteFunc(y.data.Companies, func(c models.Company) bool {
		return !slices.ContainsFunc(y.data.Belongs, func(b models.ContactCompany) bool { return b.CompanyID == c.ID })
	})
	for i := range y.data.Conversations {
		tags := models.Tags{}
		for _, tag := range exampleTags {
			if chance.Float64() < tag.of {
				tags = append(tags, tag.name)
			}
		}
		y.data.Conversations[i].Tags = tags
	}
}

func (y *exampleYear) companies() []models.Company {
	all := make([]models.Company, len(exampleCompanies))
	for i, c := range exampleCompanies {
		since := y.now.AddDate(0, -c.since, 0)
		all[i] = models.Company{
			ID: exampleCompanyID(i), ExternalID: fmt.Sprintf("account-%d", 4001+17*i), Name: c.name, Plan: c.plan, Size: c.size,
			Attributes: map[string]any{"monthly_spend": float64(c.monthly), "customer_since_at": float64(since.Unix()), "billing": "invoice"},
		}
	}
	return all
}

func exampleCompanyID(i int) string { return fmt.Sprintf("%scompany-%02d", models.ExamplePrefix, i+1) }

// ratedAt are the times of each contact's ratings.
func (y *exampleYear) ratedAt() map[string][]time.Time {
	times := map[string][]time.Time{}
	for _, r := range y.data.Ratings {
		times[r.ContactID] = append(times[r.ContactID], r.At)
	}
	return times
}

// tellContact fills in one contact, who speaks a language. Who rated had signed up by then, and was seen.
func (y *exampleYear) tellContact(chance *rand.Rand, c *models.Contact, rated []time.Time, language string) {
	home := exampleHomes[language]
	c.Locale, c.Location = home.locale, home.places[chance.IntN(len(home.places))]
	signedUp := y.now.Add(-time.Duration(30+chance.IntN(1500)) * 24 * time.Hour).Truncate(time.Hour)
	seen := y.now.Add(-time.Duration(1+chance.IntN(60*24)) * time.Hour)
	for _, at := range rated {
		if day := at.Add(-24 * time.Hour).Truncate(time.Hour); day.Before(signedUp) {
			signedUp = day
		}
		if at.After(seen) {
			seen = at
		}
	}
	read := y.now.Add(-time.Duration(1+chance.IntN(20)) * time.Hour)
	c.SignedUpAt, c.LastSeenAt, c.ProfileAt = &signedUp, &seen, &read
	c.Attributes = map[string]any{"newsletter": chance.Float64() < .4, "orders": float64(1 + chance.IntN(24))}
	if c.Role == "lead" {
		c.SignedUpAt = nil
		c.Attributes["source"] = "shop search"
		y.tellActs(chance, *c, 2)
		return
	}
	plan := [...]string{"Basecamp", "Ridge", "Summit"}[chance.IntN(3)]
	c.Attributes["plan"], c.Attributes["mrr"] = plan, math.Round(100*(4+40*chance.Float64()))/100
	c.Attributes["member_since_at"] = float64(signedUp.Unix())
	if chance.Float64() < .3 {
		c.Attributes["boots"] = float64(36 + chance.IntN(12))
		c.Attributes["favourite_route"] = [...]string{"Coast to Coast", "GR 20", "Kungsleden", "Tour du Mont Blanc"}[chance.IntN(4)]
		c.Attributes["phone_support"] = true
	}
	y.tellActs(chance, *c, len(exampleActs))
	if chance.Float64() < .5 {
		y.join(chance, *c, language)
	}
}

// tellActs says what a contact did, each kind at most once.
func (y *exampleYear) tellActs(chance *rand.Rand, c models.Contact, most int) {
	for i, name := range exampleActs[:most] {
		if chance.Float64() < .9/float64(1+i) {
			last := y.now.Add(-time.Duration(1+chance.IntN(90*24)) * time.Hour)
			y.data.Events = append(y.data.Events, models.ContactEvent{ContactID: c.ID, Name: name, Count: 1 + chance.IntN(18/(1+i)), LastAt: &last})
		}
	}
}

// join makes a contact one of a company's people, rather one where the contact's language is spoken.
func (y *exampleYear) join(chance *rand.Rand, c models.Contact, language string) {
	weights, sum := make([]int, len(exampleCompanies)), 0
	for i, company := range exampleCompanies {
		switch company.speaks {
		case language:
			weights[i] = 6 * company.share
		case "", "en":
			weights[i] = company.share
		}
		sum += weights[i]
	}
	n := chance.IntN(sum)
	for i, w := range weights {
		if n < w {
			y.data.Belongs = append(y.data.Belongs, models.ContactCompany{ContactID: c.ID, CompanyID: exampleCompanyID(i)})
			return
		}
		n -= w
	}
}
