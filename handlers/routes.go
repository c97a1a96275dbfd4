package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
	"rerate/internal/survey"
	"rerate/static"
)

// routes is the whole site. Each section is a notch stricter than the one before it, but for the signed one, which
// is the strictest in its own way.
func (s *site) routes(e *echo.Echo) {
	e.Use(s.requestID, compress(), s.logRequest, recoverPanics(), s.secureHeaders)

	// For the operator's machines. They tell nothing about any workspace.
	probe := []echo.MiddlewareFunc{middleware.ContextTimeout(probeTimeout)}
	e.GET("/livez", s.livez, probe...)
	e.GET("/readyz", s.readyz, probe...)
	e.GET("/version", s.version, probe...)
	e.Match([]string{"GET", "HEAD"}, "/static/*", echo.WrapHandler(static.Handler()), filePolicy)

	// For Intercom. A signature over the whole body says who calls, so there is no session here and no protection
	// against forged browser requests: a browser cannot sign. The signature is checked before anything is read.
	signed := func(verify verifier, as answer) []echo.MiddlewareFunc {
		return []echo.MiddlewareFunc{
			middleware.ContextTimeout(signedTimeout), s.signed(verify), middleware.BodyLimit(signedLimit), s.readSigned(verify, as), s.listCall,
		}
	}
	card, live, plain := signed(bodySignature, asCanvas), signed(bodySignature, asLiveCanvas), signed(bodySignature, asJSON)
	e.POST("/canvas/messenger/initialize", call(canvas.DecodeMessengerInitialize, s.Initialize), card...)
	e.POST("/canvas/messenger/submit", call(canvas.DecodeMessengerSubmit, s.Submit), card...)
	e.POST("/canvas/messenger/configure", call(canvas.DecodeConfigure, s.Configure), card...)
	e.POST("/canvas/messenger/live", call(canvas.DecodeLive, s.Live), live...)
	e.POST("/canvas/inbox/initialize", call(canvas.DecodeInboxInitialize, s.InboxInitialize), card...)
	e.POST("/canvas/inbox/submit", call(canvas.DecodeInboxSubmit, s.InboxSubmit), card...)
	e.POST("/intercom/uninstall", call(intercom.DecodeUninstall, s.uninstall), plain...)
	e.POST("/intercom/health", call(intercom.DecodeHealthCheck, s.health), plain...)
	e.POST("/webhooks/intercom", s.webhook, signed(hubSignature, asJSON)...)
	e.HEAD("/webhooks/intercom", s.webhookThere) // Intercom looks whether the address exists

	// For customers who were asked by a link. The link says who and what for, so that no session and no origin counts.
	customers := []echo.MiddlewareFunc{middleware.ContextTimeout(pageTimeout), middleware.BodyLimit(formLimit), privatePage, customerPage, s.limitVisits()}
	e.Match([]string{"GET", "HEAD"}, "/r/:token", s.openHosted, customers...)
	e.POST("/r/:token", s.answerHosted, customers...)

	// For those who get the digest. The link says who, and a mail program may post to it from anywhere.
	e.Match([]string{"GET", "HEAD"}, survey.UnsubscribePath+":token", s.openUnsubscribe, customers...)
	e.POST(survey.UnsubscribePath+":token", s.unsubscribe, customers...)

	// For programs. The API key says who calls.
	if s.config.API != nil {
		s.config.API(e, e.Group("/api/v1"))
	}

	// For everybody with a browser. No other site may post here.
	everybody := []echo.MiddlewareFunc{middleware.ContextTimeout(pageTimeout), middleware.BodyLimit(formLimit), s.sameOrigin, privatePage}
	e.GET("/signin", s.signIn, everybody...)
	starts := append(slices.Clone(everybody), limitStarts()) // each start stores a state
	e.GET("/auth/intercom", s.startSignIn, starts...)
	e.GET("/auth/intercom/callback", s.finishSignIn, everybody...)
	e.GET("/install", s.startInstall, starts...)
	e.POST("/auth/logout", s.signOut, everybody...)
	e.POST("/theme", s.setTheme, everybody...)

	// For teammates who have signed in: they may read.
	teammates := append(slices.Clone(everybody), s.signedInOnly)
	reports := append(slices.Clone(teammates), mayLag)
	e.GET("/", s.overview, reports...)
	e.GET("/ratings", s.ratings, teammates...)
	e.GET("/ratings/waiting", s.waiting, teammates...)
	e.GET("/ratings/:id", s.rating, teammates...)
	e.GET("/ratings/feedback", s.feedback, teammates...)
	e.GET("/requests", s.requests, reports...)
	e.GET("/requests/:id", s.request, teammates...)
	e.GET("/wording", s.wording, teammates...)
	e.GET("/wording/versions/:n", s.wordingVersion, teammates...)
	e.GET("/teammates", s.teammatesPage, reports...)
	e.GET("/teammates/:id", s.teammatePage, reports...)
	e.GET("/companies", s.companies, reports...)
	e.GET("/companies/:id", s.companyPage, reports...)
	e.GET("/segments", s.segments, teammates...)
	e.GET("/segments/new", s.newSegment, teammates...)
	e.GET("/segments/:id", s.segment, teammates...)
	e.GET("/calls", s.calls, teammates...)
	e.GET("/settings", s.settings, teammates...)
	e.GET("/settings/webhooks", s.endpoints, teammates...)
	e.GET("/settings/webhooks/:id", s.endpoint, teammates...)
	e.GET("/setup", s.setUp, teammates...)
	e.GET("/settings/digest", s.digest, append(slices.Clone(teammates), framesOwn)...)
	e.GET("/settings/digest/preview", s.digestPreview, teammates...)
	e.POST("/settings/digest/mine", s.digestForMe, append(slices.Clone(teammates), framesOwn)...)
	files := []echo.MiddlewareFunc{middleware.ContextTimeout(fileTimeout), s.sameOrigin, privatePage, s.signedInOnly}
	sheets := append(slices.Clone(files), mayLag)
	e.GET("/ratings.csv", s.ratingsFile, sheets...)
	e.GET("/ratings/feedback.csv", s.feedbackFile, sheets...)
	e.GET("/requests.csv", s.requestsFile, sheets...)
	e.GET("/teammates.csv", s.teammatesFile, sheets...)
	e.GET("/companies.csv", s.companiesFile, sheets...)

	if s.config.Parts {
		e.GET("/parts", s.parts, teammates...)
	}

	// For admins: they may change.
	admins := append(slices.Clone(teammates), adminsOnly)
	e.POST("/ratings/:id/ask", s.askAgain, admins...)
	e.POST("/ratings/:id/retry", s.retryWriteBacks, admins...)
	e.POST("/ratings/:id/customer/erase", s.eraseCustomer, admins...)
	e.POST("/ratings/:id/count", s.countRating, admins...)
	e.POST("/ratings/:id/leave-out", s.leaveOutRating, admins...)
	e.POST("/ratings/:id/handled", s.handleRating, admins...)
	e.POST("/ratings/:id/reply", s.replyToRating, admins...)
	e.POST("/ratings/:id/replies/:reply/retry", s.retryReply, admins...)
	e.POST("/ratings/feedback/:id/handled", s.handleFeedback, admins...)
	e.POST("/calls/given-up/:id/retry", s.retryGivenUp, admins...)
	e.POST("/settings", s.saveSettings, admins...)
	e.POST("/segments/new", s.makeSegment, admins...)
	e.POST("/segments/:id", s.editSegment, admins...)
	e.POST("/segments/:id/switch", s.switchSegment, admins...)
	e.POST("/segments/:id/send", s.sendSegment, admins...)
	e.POST("/segments/:id/delete", s.deleteSegment, admins...)
	e.POST("/segments/messages/:id/retry", s.retryMessage, admins...)
	e.GET("/settings/webhooks/new", s.newEndpoint, admins...)
	e.POST("/settings/webhooks/new", s.addEndpoint, admins...)
	e.POST("/settings/webhooks/:id", s.editEndpoint, admins...)
	e.POST("/settings/webhooks/:id/pause", s.pauseEndpoint, admins...)
	e.POST("/settings/webhooks/:id/test", s.testEndpoint, admins...)
	e.POST("/settings/webhooks/:id/rotate", s.rotateSecret, admins...)
	e.POST("/settings/webhooks/:id/delete", s.deleteEndpoint, admins...)
	e.POST("/settings/webhooks/deliveries/:id/retry", s.retryDelivery, admins...)
	e.POST("/settings/keys", s.addKey, admins...)
	e.POST("/settings/keys/:id/revoke", s.revokeKey, admins...)
	e.POST("/settings/teammates/:id/role", s.setRole, admins...)
	e.POST("/settings/figures/check", s.checkFigures, admins...)
	e.POST("/settings/figures/rebuild", s.rebuildFigures, admins...)
	e.GET("/ratings/:id/customer.json", s.customerFile, append(slices.Clone(files), adminsOnly)...)
	years := append(slices.Clone(files), adminsOnly, middleware.BodyLimit(formLimit))
	e.POST("/settings/example-data/add", s.addExampleData, years...)
	e.POST("/settings/example-data/remove", s.removeExampleData, years...)
	digest := append(slices.Clone(admins), framesOwn)
	e.POST("/settings/digest", s.saveDigest, digest...)
	e.POST("/settings/digest/recipients", s.addDigestRecipient, digest...)
	e.POST("/settings/digest/recipients/:id/remove", s.removeDigestRecipient, digest...)
	e.POST("/settings/digest/mails/:id/retry", s.retryDigest, digest...)
	e.POST("/settings/digest/send", s.sendDigest, append(slices.Clone(files), adminsOnly, middleware.BodyLimit(formLimit), framesOwn)...) // waits for a mail server
	e.GET("/settings/backfill", s.backfill, admins...)
	e.POST("/settings/backfill/start", s.startBackfill, admins...)
	e.POST("/settings/backfill/pause", s.pauseBackfill, admins...)
	e.POST("/settings/backfill/resume", s.resumeBackfill, admins...)
	e.GET("/settings/import", s.imports, admins...)
	e.GET("/settings/import/:id", s.importPage, admins...)
	e.GET("/settings/import/:id/problems.csv", s.importProblems, append(slices.Clone(files), adminsOnly)...)
	e.POST("/settings/import/:id/start", s.startImport, admins...)
	e.POST("/settings/import/:id/cancel", s.cancelImport, admins...)
	e.POST("/settings/import/:id/take-back", s.takeBackImport, admins...)
	e.POST("/settings/import", s.uploadImport, append(slices.Clone(files), adminsOnly, middleware.BodyLimit(uploadLimit))...)
	e.POST("/wording/versions/:n/roll-back", s.rollBack, admins...)
	e.POST("/wording", s.editWording,
		middleware.ContextTimeout(pageTimeout), s.sameOrigin, privatePage, s.signedInOnly, adminsOnly, middleware.BodyLimit(wordingLimit))
}
