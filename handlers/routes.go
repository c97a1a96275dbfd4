package handlers

import (
	"slices"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"rerate/internal/intercom"
	"rerate/internal/intercom/canvas"
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
			middleware.ContextTimeout(signedTimeout), s.signed(verify), middleware.BodyLimit(signedLimit), s.readSigned(verify, as),
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
	e.GET("/", s.overview, teammates...)
	e.GET("/ratings", s.ratings, teammates...)
	e.GET("/ratings/:id", s.rating, teammates...)
	e.GET("/wording", s.wording, teammates...)
	e.GET("/wording/versions/:n", s.wordingVersion, teammates...)
	e.GET("/settings", s.settings, teammates...)
	e.GET("/ratings.csv", s.ratingsFile, middleware.ContextTimeout(fileTimeout), s.sameOrigin, privatePage, s.signedInOnly)

	if s.config.Parts {
		e.GET("/parts", s.parts, teammates...)
	}

	// For admins: they may change.
	admins := append(slices.Clone(teammates), adminsOnly)
	e.POST("/ratings/:id/retry", s.retryWriteBacks, admins...)
	e.POST("/settings", s.saveSettings, admins...)
	e.POST("/settings/keys", s.addKey, admins...)
	e.POST("/settings/keys/:id/revoke", s.revokeKey, admins...)
	e.POST("/settings/teammates/:id/role", s.setRole, admins...)
	e.POST("/settings/example-data/add", s.addExampleData, admins...)
	e.POST("/settings/example-data/remove", s.removeExampleData, admins...)
	e.POST("/wording/versions/:n/roll-back", s.rollBack, admins...)
	e.POST("/wording", s.editWording,
		middleware.ContextTimeout(pageTimeout), s.sameOrigin, privatePage, s.signedInOnly, adminsOnly, middleware.BodyLimit(wordingLimit))
}
