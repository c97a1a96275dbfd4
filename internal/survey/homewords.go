package survey

// homeWords are the texts of the card on Messenger Home.
type homeWords struct {
	rateLast                       string
	feedback, about, score, sendIt string
	empty, tooLong, thanks, day    string // day is a layout of package time
}

var builtInHome = map[string]homeWords{
	"en": {
		rateLast: "Rate your last conversation",
		feedback: "Tell us what you think", about: "Your words to the team", score: "How are we doing? (optional)", sendIt: "Send feedback",
		empty:   "Please write something or choose an answer first.",
		tooLong: "This text is too long or holds characters that cannot be stored. Please shorten it.",
		thanks:  "Thank you! The team will read it.", day: "2 January 2006",
	},
	"de": {
		rateLast: "Bewerten Sie Ihre letzte Unterhaltung",
		feedback: "Sagen Sie uns Ihre Meinung", about: "Ihre Worte an das Team", score: "Wie machen wir uns? (freiwillig)", sendIt: "Absenden",
		empty:   "Bitte schreiben Sie etwas oder wählen Sie eine Antwort.",
		tooLong: "Dieser Text ist zu lang oder enthält unzulässige Zeichen. Bitte kürzen Sie ihn.",
		thanks:  "Vielen Dank! Das Team wird es lesen.", day: "2.1.2006",
	},
	"fr": {
		rateLast: "Notez votre dernière conversation",
		feedback: "Donnez-nous votre avis", about: "Votre message à l’équipe", score: "Comment nous trouvez-vous ? (facultatif)", sendIt: "Envoyer l’avis",
		empty:   "Écrivez quelque chose ou choisissez d’abord une réponse.",
		tooLong: "Ce texte est trop long ou contient des caractères impossibles à enregistrer. Raccourcissez-le.",
		thanks:  "Merci ! L’équipe vous lira.", day: "02/01/2006",
	},
	"es": {
		rateLast: "Valora tu última conversación",
		feedback: "Cuéntanos qué opinas", about: "Tu mensaje para el equipo", score: "¿Qué te parecemos? (opcional)", sendIt: "Enviar opinión",
		empty:   "Escribe algo o elige antes una respuesta.",
		tooLong: "El texto es demasiado largo o tiene caracteres que no se pueden guardar. Acórtalo.",
		thanks:  "¡Gracias! El equipo lo leerá.", day: "02/01/2006",
	},
	"ar": {
		rateLast: "قيّم محادثتك الأخيرة",
		feedback: "أخبرنا برأيك", about: "كلماتك إلى الفريق", score: "كيف تقيّمنا؟ (اختياري)", sendIt: "إرسال الرأي",
		empty:   "يُرجى كتابة شيء أو اختيار إجابة أولًا.",
		tooLong: "النص طويل جدًا أو يحتوي على رموز لا يمكن حفظها. يُرجى تقصيره.",
		thanks:  "شكرًا لك! سيقرؤه الفريق.", day: "02/01/2006",
	},
}

// homeWordsFor picks the texts for a locale such as "de-AT", falling back to English.
func homeWordsFor(locale string) homeWords {
	if w, ok := builtInHome[languageOf(locale)]; ok {
		return w
	}
	return builtInHome["en"]
}
