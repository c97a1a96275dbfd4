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
	rateHere, replaced                               string
	// Of the hosted page.
	sendRating, keep, yourAnswer, remarkSaved, again, leaveEmpty string
	onceMore, onceMoreWhy, notTheSame, atOnce, chooseFirst       string
	linkOver, slowDown, toNewer                                  string
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
		rateHere:        "Rate this conversation",
		replaced:        "There is a newer question about this conversation. Please answer that one; it is in our latest message.",
		sendRating:      "Send my rating",
		keep:            "Keep my answer as it is",
		yourAnswer:      "Your answer",
		remarkSaved:     "Your remark is saved too.",
		again:           "Try again",
		leaveEmpty:      "Please leave this empty",
		onceMore:        "One more tap, please",
		onceMoreWhy:     "Choose the same answer again. So we know that a person answers, and not a mail program.",
		notTheSame:      "That was another answer, so nothing is counted yet. Please choose again.",
		atOnce:          "Several answers came at the same moment, as from a mail program. Please wait half a minute and choose again.",
		chooseFirst:     "Please choose an answer first.",
		linkOver:        "This link cannot be used any more. Please write to us and we will send you a new one.",
		slowDown:        "That was a lot at once. Please wait a minute and try again.",
		toNewer:         "Answer the newer question",
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
		rateHere:        "Diese Unterhaltung bewerten",
		replaced:        "Zu dieser Unterhaltung gibt es eine neuere Frage. Bitte beantworten Sie die in unserer letzten Nachricht.",
		sendRating:      "Bewertung senden",
		keep:            "Antwort so lassen",
		yourAnswer:      "Ihre Antwort",
		remarkSaved:     "Ihre Bemerkung ist auch gespeichert.",
		again:           "Noch einmal versuchen",
		leaveEmpty:      "Bitte leer lassen",
		onceMore:        "Bitte noch einmal tippen",
		onceMoreWhy:     "Wählen Sie dieselbe Antwort noch einmal. So wissen wir, dass ein Mensch antwortet und kein Mailprogramm.",
		notTheSame:      "Das war eine andere Antwort, deshalb zählt noch nichts. Bitte wählen Sie noch einmal.",
		atOnce:          "Mehrere Antworten kamen im selben Augenblick, wie von einem Mailprogramm. Bitte warten Sie eine halbe Minute und wählen Sie noch einmal.",
		chooseFirst:     "Bitte wählen Sie zuerst eine Antwort.",
		linkOver:        "Dieser Link ist nicht mehr gültig. Bitte schreiben Sie uns, dann senden wir einen neuen.",
		slowDown:        "Das war viel auf einmal. Bitte warten Sie eine Minute und versuchen Sie es noch einmal.",
		toNewer:         "Die neuere Frage beantworten",
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
		rateHere:        "Noter cette conversation",
		replaced:        "Il y a une question plus récente sur cette conversation. Merci de répondre à celle de notre dernier message.",
		sendRating:      "Envoyer ma note",
		keep:            "Garder ma réponse",
		yourAnswer:      "Votre réponse",
		remarkSaved:     "Votre remarque est enregistrée aussi.",
		again:           "Réessayer",
		leaveEmpty:      "Laissez ce champ vide",
		onceMore:        "Encore un geste, s’il vous plaît",
		onceMoreWhy:     "Choisissez de nouveau la même réponse. Nous saurons ainsi qu’une personne répond, et non un logiciel de messagerie.",
		notTheSame:      "C’était une autre réponse, rien n’est donc encore compté. Choisissez de nouveau.",
		atOnce:          "Plusieurs réponses sont arrivées au même instant, comme d’un logiciel de messagerie. Attendez une demi-minute et choisissez de nouveau.",
		chooseFirst:     "Choisissez d’abord une réponse.",
		linkOver:        "Ce lien n’est plus valable. Écrivez-nous et nous en enverrons un nouveau.",
		slowDown:        "C’était beaucoup à la fois. Attendez une minute et réessayez.",
		toNewer:         "Répondre à la question plus récente",
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
		rateHere:        "Valorar esta conversación",
		replaced:        "Hay una pregunta más reciente sobre esta conversación. Responde, por favor, a la de nuestro último mensaje.",
		sendRating:      "Enviar mi valoración",
		keep:            "Dejar mi respuesta como está",
		yourAnswer:      "Tu respuesta",
		remarkSaved:     "Tu comentario también está guardado.",
		again:           "Intentar de nuevo",
		leaveEmpty:      "Deja este campo vacío",
		onceMore:        "Un toque más, por favor",
		onceMoreWhy:     "Elige otra vez la misma respuesta. Así sabemos que responde una persona y no un programa de correo.",
		notTheSame:      "Esa era otra respuesta, así que aún no se cuenta nada. Elige otra vez.",
		atOnce:          "Llegaron varias respuestas en el mismo momento, como de un programa de correo. Espera medio minuto y elige otra vez.",
		chooseFirst:     "Elige primero una respuesta.",
		linkOver:        "Este enlace ya no es válido. Escríbenos y te enviaremos otro.",
		slowDown:        "Fueron muchas a la vez. Espera un minuto e inténtalo de nuevo.",
		toNewer:         "Responder a la pregunta más reciente",
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
		rateHere:        "تقييم هذه المحادثة",
		replaced:        "هناك سؤال أحدث عن هذه المحادثة. يُرجى الإجابة عن السؤال الموجود في رسالتنا الأخيرة.",
		sendRating:      "إرسال تقييمي",
		keep:            "الإبقاء على إجابتي",
		yourAnswer:      "إجابتك",
		remarkSaved:     "تم حفظ ملاحظتك أيضًا.",
		again:           "حاول مرة أخرى",
		leaveEmpty:      "يُرجى ترك هذا الحقل فارغًا",
		onceMore:        "نقرة أخرى من فضلك",
		onceMoreWhy:     "اختر الإجابة نفسها مرة أخرى، لنعرف أن شخصًا يجيب وليس برنامج بريد.",
		notTheSame:      "كانت تلك إجابة أخرى، لذلك لم يُحتسب شيء بعد. يُرجى الاختيار مرة أخرى.",
		atOnce:          "وصلت عدة إجابات في اللحظة نفسها كأنها من برنامج بريد. انتظر نصف دقيقة ثم اختر مرة أخرى.",
		chooseFirst:     "يُرجى اختيار إجابة أولًا.",
		linkOver:        "لم يعد هذا الرابط صالحًا. راسلنا وسنرسل لك رابطًا جديدًا.",
		slowDown:        "كان ذلك كثيرًا دفعة واحدة. انتظر دقيقة ثم حاول مرة أخرى.",
		toNewer:         "الإجابة عن السؤال الأحدث",
	},
}

// wordsFor picks the built-in texts for a locale such as "de-AT", falling back to English.
func wordsFor(locale string) words {
	if w, ok := builtIn[languageOf(locale)]; ok {
		return w
	}
	return builtIn["en"]
}

// languageOf is the language of a locale such as "de-AT": "de".
func languageOf(locale string) string {
	language, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(locale, "_", "-")), "-")
	return language
}
