package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/caarlos0/env/v11"

	"rerate/internal/mail"
	"rerate/internal/outgoing"
	"rerate/internal/seal"
)

// config is the environment, checked. README.md and design list the variables.
type config struct {
	Addr           string         `env:"RERATE_ADDR" envDefault:"127.0.0.1:8080"`
	BaseURL        string         `env:"RERATE_BASE_URL" envDefault:"http://localhost:8080"`
	DatabaseURL    string         `env:"RERATE_DATABASE_URL" envDefault:"sqlite://data/rerate.db"`
	ReadURL        string         `env:"RERATE_DATABASE_READ_URL"`
	SecretKey      string         `env:"RERATE_SECRET_KEY"`
	ClientID       string         `env:"INTERCOM_CLIENT_ID"`
	ClientSecret   string         `env:"INTERCOM_CLIENT_SECRET"`
	APIURL         string         `env:"INTERCOM_API_URL"`
	AppURL         string         `env:"INTERCOM_APP_URL" envDefault:"https://app.intercom.com"`
	TrustedProxies []netip.Prefix `env:"RERATE_TRUSTED_PROXIES"`
	SMTPURL        string         `env:"RERATE_SMTP_URL"`
	MailFrom       string         `env:"RERATE_MAIL_FROM"`
	PrivateTargets string         `env:"RERATE_PRIVATE_TARGETS"`
	MetricsAddr    string         `env:"RERATE_METRICS_ADDR"` // empty: nobody may ask

	keys          seal.Keyring
	clientSecrets []string
	guard         outgoing.Guard // where webhooks and alerts may go
	mailServer    mail.Server
	mailFrom      mail.Sender // no address: mail is not set up
	backfill      bool        // read the past of a workspace that is connected for the first time; only the demo does not
	parts         bool        // show the page of every part; only the demo does
	oneBrowser    bool        // customer and team share a browser; only in the demo
}

// variables are the names that are read, each also as NAME_FILE.
var variables = []string{
	"RERATE_ADDR", "RERATE_BASE_URL", "RERATE_DATABASE_URL", "RERATE_DATABASE_READ_URL", "RERATE_SECRET_KEY", "INTERCOM_CLIENT_ID",
	"INTERCOM_CLIENT_SECRET", "INTERCOM_API_URL", "INTERCOM_APP_URL", "RERATE_TRUSTED_PROXIES",
	"RERATE_SMTP_URL", "RERATE_MAIL_FROM", "RERATE_PRIVATE_TARGETS", "RERATE_METRICS_ADDR",
}

// readConfig reads the environment. Every wrong value is named, one line each.
func readConfig(get lookup) (config, error) {
	environment := map[string]string{}
	for _, name := range variables {
		value, err := fromFile(get, name)
		if err != nil {
			return config{}, err
		}
		if value != "" {
			environment[name] = value
		}
	}
	c, err := env.ParseAsWithOptions[config](env.Options{Environment: environment})
	if err != nil {
		return config{}, errors.New("RERATE_TRUSTED_PROXIES must be CIDRs separated by commas, like 10.0.0.0/8")
	}
	var targets error
	if c.guard.Private, err = outgoing.ParseNetworks(c.PrivateTargets); err != nil {
		targets = fmt.Errorf("RERATE_PRIVATE_TARGETS must be networks separated by commas, like 10.0.0.0/8: %w", err)
	}
	return c, errors.Join(targets,
		address("RERATE_ADDR", c.Addr), optionalAddress("RERATE_METRICS_ADDR", c.MetricsAddr), webAddress("RERATE_BASE_URL", &c.BaseURL),
		webAddress("INTERCOM_API_URL", &c.APIURL),
		webAddress("INTERCOM_APP_URL", &c.AppURL),
		c.readMail())
}

// readMail checks the mail server and whom mail is from: both or neither. The address of the server may hold a password, so
// it is not repeated.
func (c *config) readMail() error {
	switch {
	case c.SMTPURL == "" && c.MailFrom == "":
		return nil
	case c.MailFrom == "":
		return errors.New("RERATE_MAIL_FROM must be set where RERATE_SMTP_URL is, like rerate@example.com")
	case c.SMTPURL == "":
		return errors.New("RERATE_SMTP_URL must be set where RERATE_MAIL_FROM is, like smtp://USER:PASSWORD@HOST:587")
	}
	var serverErr, fromErr error
	if c.mailServer, serverErr = mail.ParseURL(c.SMTPURL); serverErr != nil {
		serverErr = fmt.Errorf("RERATE_SMTP_URL %w", serverErr)
	}
	if c.mailFrom, fromErr = mail.ParseSender(c.MailFrom); fromErr != nil {
		fromErr = fmt.Errorf("RERATE_MAIL_FROM %w; it is %q", fromErr, c.MailFrom)
	}
	return errors.Join(serverErr, fromErr)
}

// fromFile reads a variable, or the file that NAME_FILE names.
func fromFile(get lookup, name string) (string, error) {
	value, _ := get(name)
	path, _ := get(name + "_FILE")
	switch {
	case value != "" && path != "":
		return "", fmt.Errorf("%s and %s_FILE are both set; set one of them", name, name)
	case path == "":
		return strings.TrimSpace(value), nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("%s_FILE must name a readable file: %w", name, err)
	}
	return strings.TrimSpace(string(content)), nil
}

func address(name, value string) error {
	if _, _, err := net.SplitHostPort(value); err != nil {
		return fmt.Errorf("%s must be HOST:PORT, like 127.0.0.1:8080; it is %q", name, value)
	}
	return nil
}

func optionalAddress(name, value string) error {
	if value == "" {
		return nil
	}
	return address(name, value)
}

// webAddress checks an http address and drops the slash at its end.
func webAddress(name string, value *string) error {
	if *value == "" {
		return nil
	}
	u, err := url.Parse(*value)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return fmt.Errorf("%s must be a web address like https://rerate.example.com; it is %q", name, *value)
	}
	*value = strings.TrimRight(*value, "/")
	return nil
}

// secrets checks what only serve needs. Secrets are never repeated in an error.
func (c *config) secrets() error {
	var keyErr, idErr, secretErr error
	if c.SecretKey == "" {
		keyErr = errors.New("RERATE_SECRET_KEY must be set to at least 32 random bytes as base64 or hex, like the output of: openssl rand -base64 32")
	} else if c.keys, keyErr = seal.ParseKeys(c.SecretKey); keyErr != nil {
		keyErr = fmt.Errorf("RERATE_SECRET_KEY: %w", keyErr)
	}
	if c.ClientID == "" {
		idErr = errors.New("INTERCOM_CLIENT_ID must be set to the client id of your app in Intercom's Developer Hub")
	}
	for secret := range strings.SplitSeq(c.ClientSecret, ",") {
		if secret = strings.TrimSpace(secret); secret == "" {
			secretErr = errors.New("INTERCOM_CLIENT_SECRET must be set to the client secret of your app in Intercom's Developer Hub (new,old while rotating)")
			break
		}
		c.clientSecrets = append(c.clientSecrets, secret)
	}
	return errors.Join(keyErr, idErr, secretErr)
}
