package survey

import (
	"strings"
)

// words are the texts of the card that are not part of a workspace's wording.
type words struct {
	saved, send, change, remarkLabel, whyLabel       string
	whatChanged, fixed, explained, broken, wrongTap  string
	tooLateToRate, tooLateToChange, thanks           string
	unusable, tryAgain, preview, home, ownTap, noFit string
}

var builtIn = map[string]words{
	"en": {
		saved: "Your answer is saved.", send: "Send", change: "Change my rating",
		remarkLabel: "Anything to add?", whyLabel: "What went wrong?",
		whatChanged: "What changed? (optional)", fixed: "It is fixed now", explained: "It was explained to me",
		broken: "It is still broken", wrongTap: "I tapped the wrong one",
		tooLateToRate:   "It is too late to rate this conversation. Thank you for wanting to!",
		tooLateToChange: "It is too late to change this rating. Your answer stays saved.",
		thanks:          "Thank you!",
		unusable:        "This card cannot be used any more. Please write to us and we will send you a new one.",
		tryAgain:        "Your answer could not be saved. Please try again in a moment.",
		preview:         "This is a preview. A customer's tap is recorded once the card is in a conversation.",
		home:            "Open a conversation to rate it.",
		ownTap:          "You are a teammate here, so this tap is not counted.",
		noFit:           "This remark is too long or holds characters that cannot be stored. Please shorten it; your rating is saved.",
	},
	"de": {
		saved: "Ihre Antwort ist gespeichert.", send: "Senden", change: "Bewertung ändern",
		remarkLabel: "Möchten Sie etwas ergänzen?", whyLabel: "Was war nicht gut?",
		whatChanged: "Was hat sich geändert? (freiwillig)", fixed: "Es ist jetzt gelöst", explained: "Es wurde mir erklärt",
		broken: "Es geht noch immer nicht", wrongTap: "Ich habe mich vertippt",
		tooLateToRate:   "Diese Unterhaltung kann nicht mehr bewertet werden. Danke, dass Sie es wollten!",
		tooLateToChange: "Diese Bewertung kann nicht mehr geändert werden. Ihre Antwort bleibt gespeichert.",
		thanks:          "Vielen Dank!",
		unusable:        "Diese Karte ist nicht mehr gültig. Bitte schreiben Sie uns, dann senden wir eine neue.",
		tryAgain:        "Ihre Antwort konnte nicht gespeichert werden. Bitte versuchen Sie es gleich noch einmal.",
		preview:         "Dies ist eine Vorschau. Gezählt wird erst, wenn die Karte in einer Unterhaltung steht.",
		home:            "Öffnen Sie eine Unterhaltung, um sie zu bewerten.",
		ownTap:          "Sie gehören zum Team, deshalb zählt diese Antwort nicht.",
		noFit:           "Diese Bemerkung ist zu lang oder enthält unzulässige Zeichen. Bitte kürzen; Ihre Bewertung ist gespeichert.",
	},
	"fr": {
		saved: "Votre réponse est enregistrée.", send: "Envoyer", change: "Modifier ma note",
		remarkLabel: "Quelque chose à ajouter ?", whyLabel: "Qu’est-ce qui n’allait pas ?",
		whatChanged: "Qu’est-ce qui a changé ? (facultatif)", fixed: "C’est réglé", explained: "On m’a expliqué",
		broken: "Ça ne marche toujours pas", wrongTap: "Je me suis trompé de touche",
		tooLateToRate:   "Il est trop tard pour noter cette conversation. Merci de l’avoir voulu !",
		tooLateToChange: "Il est trop tard pour modifier cette note. Votre réponse reste enregistrée.",
		thanks:          "Merci !",
		unusable:        "Cette carte n’est plus valable. Écrivez-nous et nous en enverrons une nouvelle.",
		tryAgain:        "Votre réponse n’a pas pu être enregistrée. Réessayez dans un instant.",
		preview:         "Ceci est un aperçu. Rien n’est compté avant que la carte soit dans une conversation.",
		home:            "Ouvrez une conversation pour la noter.",
		ownTap:          "Vous faites partie de l’équipe : cette réponse n’est pas comptée.",
		noFit:           "Cette remarque est trop longue ou contient des caractères impossibles à enregistrer. Raccourcissez-la ; votre note est enregistrée.",
	},
	"es": {
		saved: "Tu respuesta está guardada.", send: "Enviar", change: "Cambiar mi valoración",
		remarkLabel: "¿Algo que añadir?", whyLabel: "¿Qué salió mal?",
		whatChanged: "¿Qué ha cambiado? (opcional)", fixed: "Ya está resuelto", explained: "Me lo explicaron",
		broken: "Sigue sin funcionar", wrongTap: "Pulsé la opción equivocada",
		tooLateToRate:   "Ya no se puede valorar esta conversación. ¡Gracias por querer hacerlo!",
		tooLateToChange: "Ya no se puede cambiar esta valoración. Tu respuesta sigue guardada.",
		thanks:          "¡Gracias!",
		unusable:        "Esta tarjeta ya no es válida. Escríbenos y te enviaremos otra.",
		tryAgain:        "No se pudo guardar tu respuesta. Inténtalo de nuevo en un momento.",
		preview:         "Esto es una vista previa. Nada se cuenta hasta que la tarjeta esté en una conversación.",
		home:            "Abre una conversación para valorarla.",
		ownTap:          "Formas parte del equipo, así que esta respuesta no se cuenta.",
		noFit:           "El comentario es demasiado largo o tiene caracteres que no se pueden guardar. Acórtalo; tu valoración está guardada.",
	},
	"ar": {
		saved: "تم حفظ إجابتك.", send: "إرسال", change: "تغيير تقييمي",
		remarkLabel: "هل تود إضافة شيء؟", whyLabel: "ما الذي لم يكن جيدًا؟",
		whatChanged: "ما الذي تغيّر؟ (اختياري)", fixed: "تم حل المشكلة", explained: "تم شرح الأمر لي",
		broken: "ما زالت المشكلة قائمة", wrongTap: "اخترت بالخطأ",
		tooLateToRate:   "انتهى وقت تقييم هذه المحادثة. شكرًا لاهتمامك!",
		tooLateToChange: "انتهى وقت تغيير هذا التقييم. إجابتك محفوظة.",
		thanks:          "شكرًا لك!",
		unusable:        "لم تعد هذه البطاقة صالحة. راسلنا وسنرسل لك بطاقة جديدة.",
		tryAgain:        "تعذر حفظ إجابتك. حاول مرة أخرى بعد قليل.",
		preview:         "هذه معاينة. لا يُحتسب شيء قبل أن تكون البطاقة في محادثة.",
		home:            "افتح محادثة لتقييمها.",
		ownTap:          "أنت عضو في الفريق، لذلك لا تُحتسب هذه الإجابة.",
		noFit:           "الملاحظة طويلة جدًا أو تحتوي على رموز لا يمكن حفظها. يُرجى تقصيرها؛ تقييمك محفوظ.",
	},
}

// wordsFor picks the built-in texts for a locale such as "de-AT", falling back to English.
func wordsFor(locale string) words {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	if w, ok := builtIn[language]; ok {
		return w
	}
	return builtIn["en"]
}
