// Package intercom speaks with Intercom: signatures, webhooks, OAuth and the REST API.
// Facts are from developers.intercom.com and Intercom's OpenAPI description 2.16; a comment names the page.
package intercom

import (
	"net/url"
	"strings"
)

// APIURL is the REST API's address for a region as /me names it: US, EU or AU (docs: rest-apis).
// An unknown region gets the US address, which routes to the right one.
func APIURL(region string) string { return "https://api" + subdomain(region) + ".intercom.io" }

// AppURL is the address of Intercom's own pages for a region.
func AppURL(region string) string { return "https://app" + subdomain(region) + ".intercom.com" }

func subdomain(region string) string {
	switch strings.ToUpper(region) {
	case "EU":
		return ".eu"
	case "AU":
		return ".au"
	default:
		return ""
	}
}

// ConversationURL is the address at which a teammate sees a conversation in the Inbox. The form is
// not documented; it is the one that teammates copy from their browser.
func ConversationURL(appURL, workspace, conversation string) string {
	return strings.TrimRight(appURL, "/") + "/a/inbox/" + url.PathEscape(workspace) +
		"/inbox/conversation/" + url.PathEscape(conversation)
}

// ContactURL is the address at which a teammate sees a contact's profile. The form is not documented either; it is the one
// that integrations make.
func ContactURL(appURL, workspace, contact string) string {
	return strings.TrimRight(appURL, "/") + "/a/apps/" + url.PathEscape(workspace) + "/users/" + url.PathEscape(contact)
}
