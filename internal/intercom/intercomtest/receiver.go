package intercomtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Where the receiver listens: for signed webhooks, and for messages in the form that Slack takes.
const (
	ReceiverPath      = "/receiver/webhooks"
	ReceiverSlackPath = "/receiver/slack"
)

// received is a message that the app has sent to an address outside of Intercom.
type received struct {
	Number    int
	At        time.Time
	Slack     bool
	ID        string // of a webhook
	Signature signature
	Refused   bool // the receiver played one that fails
	Body      string
}

// signature is what the receiver thinks of a webhook's signature.
type signature string

const (
	signedRight  signature = "verified"
	signedWrong  signature = "wrong"
	notSigned    signature = "missing"
	secretNeeded signature = "no secret"
)

// receiver stands for the programs and the Slack channel of a team. It keeps the newest messages.
type receiver struct {
	secrets []string
	fails   bool
	number  int
	got     []received // oldest first
}

const (
	mostReceived = 100
	mostBody     = 64 << 10
)

// TrustWebhooks has the receiver check signatures with one more secret (whsec_…).
func (s *Server) TrustWebhooks(secret string) {
	s.lock()
	defer s.unlock()
	s.receiver.secrets = append(s.receiver.secrets, secret)
}

// receive takes a message and answers as a program or Slack would.
func (s *Server) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody))
	if err != nil {
		http.Error(w, "the body broke off", http.StatusBadRequest)
		return
	}
	s.lock()
	defer s.unlock()
	in := &s.receiver
	in.number++
	m := received{Number: in.number, At: s.now(), Slack: r.URL.Path == ReceiverSlackPath, ID: r.Header.Get("webhook-id"), Refused: in.fails, Body: string(body)}
	if !m.Slack {
		m.Signature = in.check(r.Header, body)
	}
	in.got = append(in.got, m)
	if len(in.got) > mostReceived {
		in.got = slices.Clone(in.got[len(in.got)-mostReceived:])
	}
	if in.fails {
		http.Error(w, "the receiver plays one that is down", http.StatusServiceUnavailable)
		return
	}
	_, _ = io.WriteString(w, "ok") // the app went away
}

// check computes the signature as the Standard Webhooks specification says.
func (in *receiver) check(h http.Header, body []byte) signature {
	given := strings.Fields(h.Get("webhook-signature"))
	if len(given) == 0 {
		return notSigned
	}
	if len(in.secrets) == 0 {
		return secretNeeded
	}
	for _, secret := range in.secrets {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
		if err != nil {
			continue
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", h.Get("webhook-id"), h.Get("webhook-timestamp"), body)
		want := "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		if slices.ContainsFunc(given, func(g string) bool { return hmac.Equal([]byte(g), []byte(want)) }) {
			return signedRight
		}
	}
	return signedWrong
}

// kind is the type of a webhook.
func (m received) kind() string {
	var body struct{ Type string }
	if json.Unmarshal([]byte(m.Body), &body) != nil || body.Type == "" {
		return "unknown"
	}
	return body.Type
}

// slackLine is one line of a message as Slack would show it.
type slackLine struct {
	Kind   string // header, section, quote or context
	Pieces []slackPiece
}

// slackPiece is text, or a link.
type slackPiece struct{ Text, Href string }

// lines draws a message in the form that Slack takes.
func (m received) lines() (all []slackLine) {
	var body struct {
		Text   string
		Blocks []struct {
			Type     string
			Text     struct{ Text string }
			Elements []struct{ Text string }
		}
	}
	if json.Unmarshal([]byte(m.Body), &body) != nil {
		return []slackLine{{Kind: "section", Pieces: []slackPiece{{Text: "This is nothing that Slack would take."}}}}
	}
	for _, b := range body.Blocks {
		for text := range strings.Lines(b.Text.Text) {
			kind := b.Type
			if quote, ok := strings.CutPrefix(text, ">"); ok {
				kind, text = "quote", strings.TrimPrefix(quote, " ")
			}
			all = append(all, slackLine{kind, slackPieces(text)})
		}
		for _, e := range b.Elements {
			all = append(all, slackLine{b.Type, slackPieces(e.Text)})
		}
	}
	if len(all) == 0 {
		all = []slackLine{{"section", slackPieces(body.Text)}}
	}
	return all
}

var slackLink = regexp.MustCompile(`<(https?://[^|>]*)\|([^>]*)>`)

func slackPieces(text string) (all []slackPiece) {
	from := 0
	for _, at := range slackLink.FindAllStringSubmatchIndex(text, -1) {
		all = append(all, slackPiece{Text: html.UnescapeString(text[from:at[0]])},
			slackPiece{html.UnescapeString(text[at[4]:at[5]]), html.UnescapeString(text[at[2]:at[3]])})
		from = at[1]
	}
	return append(all, slackPiece{Text: html.UnescapeString(text[from:])})
}
