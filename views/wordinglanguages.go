package views

import (
	"slices"
	"strings"
)

// language is one that can be chosen: its tag, what it is called here, and what its speakers call it.
type language struct{ tag, name, own string }

// languages are those that are chosen most; any other is added by its code.
var languages = []language{
	{"ar", "Arabic", "العربية"},
	{"bn", "Bengali", "বাংলা"},
	{"bg", "Bulgarian", "български"},
	{"ca", "Catalan", "català"},
	{"zh-CN", "Chinese, simplified", "简体中文"},
	{"zh-TW", "Chinese, traditional", "繁體中文"},
	{"hr", "Croatian", "hrvatski"},
	{"cs", "Czech", "čeština"},
	{"da", "Danish", "dansk"},
	{"nl", "Dutch", "Nederlands"},
	{"en", "English", "English"},
	{"et", "Estonian", "eesti"},
	{"fi", "Finnish", "suomi"},
	{"fr", "French", "français"},
	{"de", "German", "Deutsch"},
	{"el", "Greek", "Ελληνικά"},
	{"he", "Hebrew", "עברית"},
	{"hi", "Hindi", "हिन्दी"},
	{"hu", "Hungarian", "magyar"},
	{"id", "Indonesian", "Bahasa Indonesia"},
	{"it", "Italian", "italiano"},
	{"ja", "Japanese", "日本語"},
	{"ko", "Korean", "한국어"},
	{"lv", "Latvian", "latviešu"},
	{"lt", "Lithuanian", "lietuvių"},
	{"nb", "Norwegian", "norsk bokmål"},
	{"fa", "Persian", "فارسی"},
	{"pl", "Polish", "polski"},
	{"pt", "Portuguese", "português"},
	{"pt-BR", "Portuguese, Brazil", "português do Brasil"},
	{"ro", "Romanian", "română"},
	{"ru", "Russian", "русский"},
	{"sr", "Serbian", "српски"},
	{"sk", "Slovak", "slovenčina"},
	{"sl", "Slovenian", "slovenščina"},
	{"es", "Spanish", "español"},
	{"sv", "Swedish", "svenska"},
	{"th", "Thai", "ไทย"},
	{"tr", "Turkish", "Türkçe"},
	{"uk", "Ukrainian", "українська"},
	{"ur", "Urdu", "اردو"},
	{"vi", "Vietnamese", "Tiếng Việt"},
}

// rightToLeft are the languages that are written from right to left.
var rightToLeft = []string{"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"}

// languageName is what a language is called: "French", "Portuguese (pt-AO)", or its code where we do not know it.
func languageName(tag string) string {
	if tag == "" {
		return "Default language"
	}
	base, _, region := strings.Cut(tag, "-")
	for _, wanted := range []string{tag, base} {
		for _, l := range languages {
			if strings.EqualFold(l.tag, wanted) {
				if region && wanted == base {
					return l.name + " (" + tag + ")"
				}
				return l.name
			}
		}
	}
	return tag
}

// languageOwn is what its speakers call a language, "" where we do not know it or it is the same.
func languageOwn(tag string) string {
	for _, l := range languages {
		if strings.EqualFold(l.tag, tag) && l.own != l.name {
			return l.own
		}
	}
	return ""
}

// direction is the direction in which a language is written; the default language's follows its words.
func direction(tag string) string {
	if tag == "" {
		return "auto"
	}
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if slices.Contains(rightToLeft, base) {
		return "rtl"
	}
	return "ltr"
}
