package intercomtest

import "time"

// DefaultWorkspace is the id of the workspace that every sandbox starts with, unless Options.Empty is set.
const DefaultWorkspace = "a86dr8yl"

// seed makes the default workspace: a small shop for hiking gear, its support team and some customers.
func (s *Server) seed() {
	now := s.opts.Now().UTC()
	start := now.AddDate(0, -6, 0)
	s.At(start, func() {
		s.AddWorkspace(Workspace{ID: DefaultWorkspace, Name: "Fernweg Outdoor", TimeZone: "Europe/Dublin", IdentityVerification: true})
		jane := s.AddAdmin(DefaultWorkspace, Admin{ID: "9608799", Name: "Jane Agent", Email: "jane@example.com", EmailVerified: true, JobTitle: "Head of support", InboxSeat: true})
		tomas := s.AddAdmin(DefaultWorkspace, Admin{ID: "9608812", Name: "Tomáš Novák", Email: "tomas@example.com", EmailVerified: true, JobTitle: "Support", InboxSeat: true})
		s.AddAdmin(DefaultWorkspace, Admin{ID: "9608825", Name: "Aoife Byrne", Email: "aoife@example.com", EmailVerified: true, JobTitle: "Support", InboxSeat: true})
		s.AddAdmin(DefaultWorkspace, Admin{ID: "9608838", Name: "Max Unverified", Email: "max@example.com", JobTitle: "Trainee", InboxSeat: true})
		for _, name := range []string{"fraud", "dupe", "do_not_send", "returns"} {
			s.makeTag(DefaultWorkspace, name)
		}
		s.AddTeam(DefaultWorkspace, Team{ID: "814865", Name: "Returns", Admins: []string{tomas.ID, "9608825"}})
		s.seedConversations(now, jane, tomas)
		s.seedCompanies()
	})
}

// seedCompanies gives some customers an employer, with attributes to choose segments by.
func (s *Server) seedCompanies() {
	larkspur := s.AddCompany(DefaultWorkspace, Company{
		ID: "696205460674dbb9050aa801", ExternalID: "company-1", Name: "Larkspur Tours", Plan: "Business", Industry: "Travel", Size: 40, MonthlySpend: 320,
		Attributes: map[string]any{"tier": "gold"},
	})
	s.must(s.JoinCompany("696205460674dbb9050aa7fd", larkspur.ID))
	s.AddCompany(DefaultWorkspace, Company{
		ID: "696205460674dbb9050aa802", ExternalID: "company-2", Name: "Jena Climbing Club", Plan: "Club", Industry: "Sports", Size: 12, MonthlySpend: 45,
		Attributes: map[string]any{"tier": "silver"},
	})
}

func (s *Server) makeTag(workspace, name string) {
	s.lock()
	defer s.unlock()
	s.tag(s.mustSpace(workspace), name)
}

func (s *Server) seedConversations(now time.Time, jane, tomas Admin) {
	sam := s.AddContact(DefaultWorkspace, Contact{ID: "696205460674dbb9050aa7fd", ExternalID: "user-42", Name: "Sam Customer", Email: "sam@example.com", Company: "Larkspur Tours", Country: "Ireland", City: "Dublin"})
	zoe := s.AddContact(DefaultWorkspace, Contact{ExternalID: "user-57", Name: "Zoë Ångström", Email: "zoe@example.com", Locale: "fr", Country: "France", City: "Lyon"})
	omar := s.AddContact(DefaultWorkspace, Contact{ExternalID: "user-63", Name: "عمر حداد", Email: "omar@example.com", Locale: "ar", Country: "Jordan", City: "Amman"})
	lead := s.AddContact(DefaultWorkspace, Contact{Role: "lead", Name: "Visitor from Oslo", Country: "Norway", City: "Oslo"})

	at := now.Add(-50 * time.Hour)
	step := func(after time.Duration, act func()) {
		at = at.Add(after)
		s.lock()
		s.stoppedAt = at
		s.unlock()
		act()
	}
	var id string
	start := func(n Start) {
		c, err := s.NewConversation(n)
		s.must(err)
		id = c.ID
	}
	customer := func(who Contact, text string) { _, err := s.CustomerReply(id, who.ID, text); s.must(err) }
	admin := func(who Admin, html string) { _, err := s.AdminReply(id, who.ID, html); s.must(err) }

	step(0, func() {
		start(Start{Contact: sam.ID, URL: "https://shop.example.com/orders/1182", Text: "My order 1182 says delivered, but there is nothing at my door & the neighbours have not seen it either."})
	})
	step(4*time.Minute, func() { _, err := s.Assign(id, jane.ID, jane.ID); s.must(err) })
	step(6*time.Minute, func() {
		admin(jane, "<p>Sorry about that, Sam! The courier left it at a pick-up point; I have sent you the address.</p>")
	})
	step(20*time.Minute, func() { _, err := s.Close(id, jane.ID); s.must(err); _, err = s.RequestNativeRating(id); s.must(err) })
	step(3*time.Minute, func() { s.must(s.RateNatively(id, sam.ID, 2, "")) })
	step(26*time.Hour, func() { customer(sam, "The pick-up point is closed until Monday. What now? 😕") })
	step(9*time.Minute, func() { admin(jane, "<p>I have booked a new delivery for tomorrow morning, free of charge.</p>") })

	step(40*time.Minute, func() {
		start(Start{Contact: zoe.ID, Channel: "email", Subject: "Retour <tente 2 places>", Text: "Bonjour, la fermeture éclair de la tente est cassée. Puis-je la renvoyer ?"})
	})
	step(30*time.Minute, func() {
		admin(tomas, "<p>Bonjour Zoë, bien sûr ! L’étiquette de retour est dans votre boîte mail.</p>")
	})
	step(2*time.Hour, func() { _, err := s.Close(id, tomas.ID); s.must(err); _, err = s.RequestNativeRating(id); s.must(err) })
	step(time.Hour, func() { s.must(s.RateNatively(id, zoe.ID, 5, "Très rapide, merci !")) })

	step(3*time.Hour, func() {
		start(Start{Contact: omar.ID, URL: "https://shop.example.com/size-guide", Text: "هل الحذاء متوفر بمقاس 46؟"})
	})
	step(2*time.Hour, func() {
		start(Start{Contact: lead.ID, URL: "https://shop.example.com/", Text: "Do you ship to Norway?"})
	})
	step(5*time.Minute, func() {
		admin(tomas, "<p>We do! Two to four days, <a href=\"https://shop.example.com/shipping\">prices are here</a>.</p>")
	})
	step(time.Minute, func() { _, err := s.Close(id, tomas.ID); s.must(err) })
	s.seedMore(step, start, admin, tomas)
}

// seedMore fills the Inbox's list: conversations in which nobody has asked for a rating.
func (s *Server) seedMore(step func(time.Duration, func()), start func(Start), admin func(Admin, string), tomas Admin) {
	marta := s.AddContact(DefaultWorkspace, Contact{ExternalID: "user-71", Name: "Marta Ruiz", Email: "marta@example.com", Locale: "es", Country: "Spain", City: "Bilbao"})
	ben := s.AddContact(DefaultWorkspace, Contact{ExternalID: "user-76", Name: "Ben Fischer", Email: "ben@example.com", Locale: "de", Country: "Germany", City: "Jena"})
	step(4*time.Hour, func() {
		start(Start{Contact: marta.ID, URL: "https://shop.example.com/boots", Text: "Hola, ¿puedo cambiar las botas por una talla más?"})
	})
	step(25*time.Minute, func() { admin(tomas, "<p>¡Claro! El cambio es gratis. ¿Le envío ya la talla 39?</p>") })
	step(3*time.Hour, func() {
		start(Start{Contact: ben.ID, URL: "https://shop.example.com/packs", Text: "Der Rucksack quietscht an der linken Schulter. Kann man das reparieren?"})
	})
}

// must is for the seed, which is wrong if anything in it fails.
func (s *Server) must(err error) {
	if err != nil {
		panic("intercomtest: the seed is wrong: " + err.Error())
	}
}
