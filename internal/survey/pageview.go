package survey

import (
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"time"

	"rerate/internal/rating"
	"rerate/internal/seal"
)

// pageView is one view of the hosted page, sealed into its forms: which answer it showed, when it was made and, once its
// answer has been sent, the step that is to follow. An answer without one comes from something that has not read the
// page.
type pageView struct {
	Request  string      `json:"r"`
	ID       string      `json:"v"`
	Made     int64       `json:"t"` // Unix milliseconds
	Contact  string      `json:"p,omitempty"`
	Revision int         `json:"n,omitempty"`
	Changing bool        `json:"x,omitempty"`
	Person   bool        `json:"k,omitempty"` // it answers the act of a person
	Step     *secondStep `json:"s,omitempty"`
}

// secondStep is the page that asks for the same choice once more, among shuffled ones.
type secondStep struct {
	Score int    `json:"s"` // what was chosen first
	Faces []int  `json:"f"` // the scores in the order in which they stand there
	What  string `json:"w,omitempty"`
	Act   string `json:"a"` // what follows: actRate, actRemark or actChanged
}

// The acts of the hosted page.
const (
	actRate    = "rate"
	actRemark  = "remark"
	actChanged = "changed"
)

// viewLasts is how long a page may stay open before its answer needs the second step.
const viewLasts = 24 * time.Hour

// newView is a view of a page that shows the contact's newest answer, if there is one.
func (v *visitor) newView() pageView {
	view := pageView{Request: v.request.ID, ID: v.s.NewID(), Made: v.tx.Now.UnixMilli(), Contact: v.contact.ID}
	if v.latest != nil {
		view.Revision = v.latest.Revision
	}
	return view
}

func (v *visitor) seal(view pageView) (string, error) {
	return v.s.Keys.Seal(seal.PageView, v.tx.Workspace, view, v.tx.Now.Add(viewLasts))
}

// openView reads the view that a form came from; one that is missing, over or of another request is none.
func (s *Service) openView(workspace, request, token string) (view pageView) {
	if err := s.Keys.OpenFor(seal.PageView, workspace, token, s.Now(), &view); err != nil || view.Request != request {
		return pageView{}
	}
	return view
}

// age is how long before a time the view was made.
func (v pageView) age(now time.Time) time.Duration {
	return time.Duration(now.UnixMilli()-v.Made) * time.Millisecond
}

// proofOf is what the page's script makes of the view once it has seen a real pointer or key: FNV-1a, as
// static/js/hosted.js computes it. It says that the script ran and what it saw; it is no secret.
func proofOf(view string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(view))
	return strconv.FormatUint(uint64(h.Sum32()), 36)
}

// shuffled is every score of a scale in an order that nobody can guess.
func shuffled(w rating.Wording) []int {
	faces := make([]int, len(w.Options))
	for i, at := range rand.Perm(len(faces)) {
		faces[i] = w.Options[at].Score
	}
	return faces
}
