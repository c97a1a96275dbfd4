package survey

import (
	"context"
	"errors"
	"time"

	"rerate/internal/intercom"
	"rerate/internal/rating"
	"rerate/internal/seal"
	"rerate/models"
)

// tokenPlace is where a workspace's access token is stored.
func tokenPlace(workspace string) seal.Place {
	return seal.Place{Workspace: workspace, Table: "workspaces", Row: workspace, Column: "token"}
}

// AuthorizeURL is where the browser goes to sign in with Intercom.
func (s *Service) AuthorizeURL(state string) string { return s.OAuth.AuthorizeURL(state) }

// SignIn turns the code that Intercom sent back into a signed-in teammate. The first teammate of a workspace
// installs it and becomes its admin; a workspace that was uninstalled or whose token stopped working is connected
// again. An e-mail address that Intercom has not verified is refused: anybody can claim one.
func (s *Service) SignIn(ctx context.Context, code string) (models.Teammate, error) {
	token, err := s.OAuth.Exchange(ctx, code)
	if err != nil {
		return models.Teammate{}, signInFailed(err)
	}
	return s.Connect(ctx, token)
}

// Connect signs in the teammate to whom an access token of Intercom belongs, as SignIn does.
func (s *Service) Connect(ctx context.Context, token string) (models.Teammate, error) {
	api := s.APIURL
	if api == "" {
		api = intercom.APIURL("") // Intercom leads it to the workspace's region
	}
	client := intercom.NewClient(api, token, s.HTTP, s.Now)
	var first []intercom.Made // before anybody knows whose it is
	client.Watch(func(m intercom.Made) { first = append(first, m) })
	me, err := client.Me(ctx)
	if err != nil {
		return models.Teammate{}, signInFailed(err)
	}
	see := s.Calls.outgoing(me.App.ID)
	client.Watch(see)
	for _, m := range first {
		see(m)
	}
	if !me.EmailVerified {
		return models.Teammate{}, Error{Code: Forbidden, Sentence: "Intercom has not verified your e-mail address; verify it there, then sign in again."}
	}
	sealed, err := s.Keys.Encrypt(tokenPlace(me.App.ID), []byte(token))
	if err != nil {
		return models.Teammate{}, err
	}
	w := models.Workspace{
		Name: me.App.Name, Region: me.App.Region, Token: sealed, InstallerID: me.Admin.ID, Settings: rating.DefaultSettings(),
	}
	var who models.Teammate
	err = s.Store.Tenant(me.App.ID).Write(ctx, func(tx *models.Tx) (err error) {
		if err := s.connect(ctx, tx, w); err != nil {
			return err
		}
		who, err = signInTeammate(tx, me.Admin)
		return err
	})
	if err == nil {
		s.learnTeammates(ctx, client, me.App.ID)
	}
	return who, err
}

func signInFailed(err error) error {
	var refused *intercom.Error
	if errors.As(err, &refused) && !refused.Temporary() {
		return Error{Code: Unauthorized, Sentence: "Intercom did not accept this sign-in; please try again.", Cause: err}
	}
	return Error{Code: Unavailable, Sentence: "Intercom did not answer; please try again in a minute.", Cause: err}
}

// connect installs the workspace, or connects it again. A working connection keeps its token, so that a viewer's
// sign-in never changes in whose name Rerate acts; the token is encrypted anew, so that an old key can be taken out
// once somebody has signed in since.
func (s *Service) connect(ctx context.Context, tx *models.Tx, w models.Workspace) error {
	known, err := tx.Get()
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	if err == nil && known.Connected() {
		if token, err := s.Keys.Decrypt(tokenPlace(known.ID), known.Token); err == nil {
			sealed, err := s.Keys.Encrypt(tokenPlace(known.ID), token)
			if err != nil {
				return err
			}
			return tx.SetToken(sealed)
		}
	}
	if err := tx.Install(w); err != nil {
		return err
	}
	if s.BackfillOnInstall {
		if err := s.firstBackfill(ctx, tx); err != nil {
			return err
		}
	}
	if _, err := tx.Wording(); errors.Is(err, models.ErrNotFound) {
		_, err = tx.PublishWording(rating.DefaultWording(), "")
		return err
	} else if err != nil {
		return err
	}
	return s.enqueueOverdue(ctx, tx, tx.Now)
}

func signInTeammate(tx *models.Tx, admin intercom.Admin) (models.Teammate, error) {
	role := models.Viewer
	if has, err := tx.HasAdmin(); err != nil {
		return models.Teammate{}, err
	} else if !has {
		role = models.Admin
	}
	who, err := tx.SaveTeammate(models.Teammate{ID: admin.ID, Name: admin.Name, Email: admin.Email, Role: role, SignedInAt: &tx.Now})
	if err == nil && role == models.Admin && who.Role != role { // known from before the workspace was erased
		who.Role, err = role, tx.SetRole(who.ID, role)
	}
	return who, err
}

// learnTeammates stores who else is a teammate, so that their own taps are never counted. A sign-in does not
// fail for it.
func (s *Service) learnTeammates(ctx context.Context, client *intercom.Client, workspace string) {
	admins, err := client.Admins(ctx)
	if err == nil {
		err = s.Store.Tenant(workspace).Write(ctx, func(tx *models.Tx) error {
			for _, a := range admins {
				if _, err := tx.SaveTeammate(models.Teammate{ID: a.ID, Name: a.Name, Email: a.Email}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		s.Log.WarnContext(ctx, "reading the teammates failed", "workspace", workspace, "error", err)
	}
}

// noticePatience bounds the look at Intercom before an uninstall notice is believed.
const noticePatience = 3 * time.Second

// Uninstalled handles Intercom's notice that a workspace removed the app. The notice has no time, so one that is
// replayed after a new installation is told apart by its token still working.
func (s *Service) Uninstalled(ctx context.Context, workspace string) error {
	tenant := s.Store.Tenant(workspace)
	w, err := tenant.Get(ctx)
	if errors.Is(err, models.ErrNotFound) || (err == nil && w.UninstalledAt != nil) {
		return nil
	}
	if err != nil {
		return err
	}
	if w.Connected() && s.tokenWorks(ctx, w) {
		s.Log.InfoContext(ctx, "uninstall notice ignored, since the token still works", "workspace", workspace)
		return nil
	}
	return tenant.Write(ctx, func(tx *models.Tx) error { return tx.Uninstall() })
}

func (s *Service) tokenWorks(ctx context.Context, w models.Workspace) bool {
	client, err := s.client(w)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, noticePatience)
	defer cancel()
	_, err = client.Me(ctx)
	return err == nil
}

// Health answers Intercom's daily question whether an installation works: OK, UNHEALTHY or UNKNOWN.
func (s *Service) Health(ctx context.Context, workspace string) string {
	tenant := s.Store.Tenant(workspace)
	w, err := tenant.Get(ctx)
	if err != nil {
		return "UNKNOWN"
	}
	if err := tenant.Write(ctx, func(tx *models.Tx) error { return tx.HealthSeen() }); err != nil {
		s.Log.ErrorContext(ctx, "remembering the health check failed", "workspace", workspace, "error", err)
	}
	if w.Connected() {
		return "OK"
	}
	return "UNHEALTHY"
}
