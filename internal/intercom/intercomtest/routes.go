package intercomtest

import "net/http"

// routes is everything that the sandbox answers, but for the pages that Handle adds. The REST paths are api.intercom.io's, the others
// app.intercom.com's.
func (s *Server) routes() {
	s.api("POST /auth/eagle/token", 0, open, s.token)
	s.rest("POST /auth/uninstall", 0, s.selfUninstall)

	s.rest("GET /me", 0, s.getMe)
	s.rest("GET /admins", 0, s.listAdmins)
	s.rest("GET /admins/{id}", 0, s.getAdmin)

	s.rest("GET /contacts/{id}", 0, s.getContact)
	s.rest("GET /teams", 0, s.listTeams)
	s.rest("GET /teams/{id}", 0, s.getTeam)

	s.rest("GET /contacts", 0, s.listContacts)
	s.rest("POST /contacts/search", 0, s.searchContacts)
	s.rest("PUT /contacts/{id}", 0, s.putContact)
	s.rest("GET /contacts/{id}/companies", 0, s.listCompaniesOf)
	s.rest("GET /companies", 0, s.listCompanies)
	s.rest("POST /companies/list", 0, s.listCompanies)
	s.rest("GET /companies/{id}", 0, s.getCompany)
	s.rest("GET /events", 0, s.listEvents)
	s.rest("POST /events", 0, s.postEvent)
	s.rest("POST /messages", 0, s.postMessage)

	s.rest("GET /conversations/{id}", 0, s.getConversation)
	s.rest("PUT /conversations/{id}", 0, s.putConversation)
	s.rest("DELETE /conversations/{id}", 0, s.deleteConversation)
	s.rest("GET /conversations/deleted", version216, s.listDeleted)
	s.rest("POST /conversations/search", 0, s.searchConversations)
	s.rest("POST /conversations/{id}/reply", 0, s.postReply)
	s.rest("POST /conversations/{id}/parts", 0, s.postPart)
	s.rest("POST /conversations/{id}/tags", 0, s.postConversationTag)
	s.rest("DELETE /conversations/{id}/tags/{tag}", 0, s.deleteConversationTag)
	s.rest("POST /conversations/{id}/rating", version217, s.postRating)

	s.rest("GET /conversations/attributes", version216, s.listAttributes)
	s.rest("POST /conversations/attributes", version216, s.postAttribute)
	s.rest("GET /data_attributes", 0, s.listDataAttributes)
	s.rest("POST /data_attributes", 0, s.postDataAttribute)
	s.rest("GET /tags", 0, s.listTags)
	s.rest("POST /tags", 0, s.postTag)
	s.rest("/", 0, func(*restRequest) (any, error) { return nil, notFound("Resource Not Found") })

	forms := http.NewCrossOriginProtection()
	s.mux.HandleFunc("GET /oauth", s.consentPage)
	s.mux.Handle("POST /oauth", forms.Handler(http.HandlerFunc(s.decide)))
	s.mux.HandleFunc("GET /appstore", s.appStorePage)
	s.mux.HandleFunc("GET /appstore/redirect", s.appStoreRedirect)
	s.mux.Handle("POST /appstore/uninstall", forms.Handler(http.HandlerFunc(s.uninstallForm)))
	s.mux.Handle("POST /appstore/health", forms.Handler(http.HandlerFunc(s.healthForm)))
}
