package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodKey = "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU="

func environment(pairs ...string) lookup {
	values := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

func TestServeRefusesToStartWithoutSecrets(t *testing.T) {
	complete := []string{"RERATE_SECRET_KEY", goodKey, "INTERCOM_CLIENT_ID", "id", "INTERCOM_CLIENT_SECRET", "secret"}
	for name, test := range map[string]struct {
		change []string
		say    string
	}{
		"no key":                {[]string{"RERATE_SECRET_KEY", ""}, "RERATE_SECRET_KEY must be set to at least 32 random bytes"},
		"a short key":           {[]string{"RERATE_SECRET_KEY", "abc"}, "RERATE_SECRET_KEY: key 1 of 1"},
		"no client id":          {[]string{"INTERCOM_CLIENT_ID", " "}, "INTERCOM_CLIENT_ID must be set"},
		"no client secret":      {[]string{"INTERCOM_CLIENT_SECRET", ""}, "INTERCOM_CLIENT_SECRET must be set"},
		"an empty old secret":   {[]string{"INTERCOM_CLIENT_SECRET", "secret,"}, "INTERCOM_CLIENT_SECRET must be set"},
		"a wrong address":       {[]string{"RERATE_ADDR", "8080"}, `RERATE_ADDR must be HOST:PORT, like 127.0.0.1:8080; it is "8080"`},
		"a wrong base address":  {[]string{"RERATE_BASE_URL", "rerate.example.com"}, "RERATE_BASE_URL must be a web address"},
		"a wrong API address":   {[]string{"INTERCOM_API_URL", "ftp://x"}, "INTERCOM_API_URL must be a web address"},
		"a wrong proxy":         {[]string{"RERATE_TRUSTED_PROXIES", "10.0.0.1/40"}, "RERATE_TRUSTED_PROXIES must be CIDRs"},
		"a wrong database":      {[]string{"RERATE_DATABASE_URL", "mysql://x"}, "RERATE_DATABASE_URL must be sqlite://PATH or postgres://"},
		"a wrong mail server":   {[]string{"RERATE_SMTP_URL", "mail.example.com:587", "RERATE_MAIL_FROM", "a@example.com"}, "RERATE_SMTP_URL must be smtp://USER:PASSWORD@HOST:587"},
		"an open password":      {[]string{"RERATE_SMTP_URL", "smtp://u:" + goodKey + "@mail.example.com?tls=off", "RERATE_MAIL_FROM", "a@example.com"}, "RERATE_SMTP_URL would send a password without TLS"},
		"a wrong sender":        {[]string{"RERATE_SMTP_URL", "smtp://localhost", "RERATE_MAIL_FROM", "Rerate"}, `RERATE_MAIL_FROM must be an e-mail address like rerate@example.com`},
		"mail without sender":   {[]string{"RERATE_SMTP_URL", "smtp://u:" + goodKey + "@mail.example.com"}, "RERATE_MAIL_FROM must be set where RERATE_SMTP_URL is"},
		"mail without server":   {[]string{"RERATE_MAIL_FROM", "a@example.com"}, "RERATE_SMTP_URL must be set where RERATE_MAIL_FROM is"},
		"a value and a file":    {[]string{"RERATE_SECRET_KEY_FILE", "/tmp/x"}, "RERATE_SECRET_KEY and RERATE_SECRET_KEY_FILE are both set"},
		"a file that is no use": {[]string{"INTERCOM_CLIENT_ID", "", "INTERCOM_CLIENT_ID_FILE", "/nowhere/at/all"}, "INTERCOM_CLIENT_ID_FILE must name a readable file"},
	} {
		t.Run(name, func(t *testing.T) {
			var said bytes.Buffer
			code := run(t.Context(), []string{"serve"}, environment(append(complete, test.change...)...), &said, &said)
			if code != 1 || !strings.Contains(said.String(), test.say) {
				t.Errorf("exit code %d, said: %s", code, said.String())
			}
			if strings.Contains(said.String(), goodKey) {
				t.Error("the key was repeated")
			}
		})
	}
}

func TestSecretsComeFromFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(goodKey+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := filepath.Join(t.TempDir(), "smtp")
	if err := os.WriteFile(server, []byte("smtps://u:p@mail.example.com\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := readConfig(environment("RERATE_SECRET_KEY_FILE", path, "RERATE_SMTP_URL_FILE", server, "RERATE_MAIL_FROM", "a@example.com", "INTERCOM_CLIENT_ID", "id", "INTERCOM_CLIENT_SECRET", "new, old",
		"RERATE_BASE_URL", "https://rerate.example.com/"))
	if err == nil {
		err = c.secrets()
	}
	if err != nil || c.SecretKey != goodKey || len(c.clientSecrets) != 2 || c.clientSecrets[1] != "old" || c.BaseURL != "https://rerate.example.com" || c.mailServer.Host != "mail.example.com" || c.mailServer.Password != "p" {
		t.Errorf("read %+v, %v", c, err)
	}
}

func TestCommandsSayWhatIsWrong(t *testing.T) {
	database := "sqlite://" + filepath.Join(t.TempDir(), "rerate.db")
	for name, test := range map[string]struct {
		args []string
		code int
		say  string
	}{
		"nothing":                  {nil, 0, "usage: rerate COMMAND"},
		"an unknown command":       {[]string{"sreve"}, 2, `there is no command "sreve"`},
		"a word too many":          {[]string{"migrate", "now"}, 2, `"now" was not expected`},
		"version":                  {[]string{"version"}, 0, version},
		"migrate":                  {[]string{"migrate"}, 0, ""},
		"a key without create":     {[]string{"apikey"}, 2, "usage: rerate apikey create"},
		"a key for nobody":         {[]string{"apikey", "create", "--workspace", "none", "--name", "x"}, 1, `--workspace "none" has not installed Rerate`},
		"health of what is not on": {[]string{"healthcheck"}, 1, "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			var said bytes.Buffer
			if name != "migrate" {
				if code := run(t.Context(), []string{"migrate"}, environment("RERATE_DATABASE_URL", database), &said, &said); code != 0 {
					t.Fatalf("migrating: %s", said.String())
				}
			}
			code := run(t.Context(), test.args, environment("RERATE_DATABASE_URL", database, "RERATE_ADDR", "127.0.0.1:1"), &said, &said)
			if code != test.code || !strings.Contains(said.String(), test.say) {
				t.Errorf("exit code %d, said: %s", code, said.String())
			}
		})
	}
}
