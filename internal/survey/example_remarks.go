package survey

// exampleMood is what a made-up remark is about; it fits the score and what was said before.
type exampleMood string

// The moods.
const (
	moodLow       exampleMood = "low"       // 1 and 2
	moodRelease   exampleMood = "release"   // 1 and 2 after the new app came out
	moodMixed     exampleMood = "mixed"     // 3
	moodGood      exampleMood = "good"      // 4
	moodGreat     exampleMood = "great"     // 5
	moodRecovered exampleMood = "recovered" // 4 and 5 after a low first rating
	moodStillLow  exampleMood = "still low" // 1 and 2 again
	moodWentDown  exampleMood = "went down" // up to 3 after a first 4 or 5
)

// What a remark may leave open: something that the shop sells, and the first name of the teammate.
const (
	exampleThing = "{thing}"
	exampleName  = "{teammate}"
)

// exampleThings are what customers of the made-up shop Fernweg Outdoor write about.
var exampleThings = []string{
	"rain jacket", "40 litre backpack", "two-person tent", "sleeping bag", "headlamp", "camping stove", "down jacket",
	"fleece", "water filter", "sleeping mat", "merino shirt", "bivvy bag", "softshell", "dry bag", "trekking pole set",
}

// exampleRemarks are the words of the made-up customers, by language and mood.
var exampleRemarks = map[string]map[exampleMood][]string{
	"en": {
		moodLow: {
			"Two weeks for a {thing} and nobody could tell me where it is.",
			"You sent me the wrong size twice. Twice!",
			"The zip of my down jacket broke on day one and I was told to send photos. I had already sent photos.",
			"I asked about a refund, got a link to the size guide.",
			"Still no refund for the {thing}.",
			"Nobody answered for four days and then the conversation was simply closed.",
			"Copy and paste answers, my question was not even read",
			"The boots gave me blisters within an hour. I wanted advice and got a returns form.",
			"My rain jacket leaks. Being told that \"water resistant is not waterproof\" does not keep me dry.",
			"Was passed from one person to the next and had to explain everything again each time.",
			"Not helpful.",
			"😡",
			"👎",
			"Closed without an answer. Why?",
			"I only wanted to change the delivery address. Too late now, the parcel is on its way to my old flat.",
			"The discount code for club members did not work and I was told to just order again at full price.",
			"We leave for Iceland on Friday and the {thing} is still \"being prepared\".",
			"Customs asked for 48 euros that nobody had mentioned before.",
			"The {thing} on the picture is green. Mine is orange. You say that is normal??",
			"Slow, slow, slow.",
			"Was promised a call back on Tuesday. It is Saturday.",
			"Had to pay for the return of a {thing} that arrived damaged.",
			"I have been a customer for nine years and have never been treated like this.",
			"Instructions for the two-person tent are missing and the answer was \"see the instructions\".",
			"The parcel was left in the rain in front of my door and you say it is the courier's problem, the courier says it is yours.",
			"No answer to my actual question, which was whether the {thing} can be repaired.",
			"You cancelled my order without a word and then offered me the same {thing} for more money.",
			"The tent is missing three pegs and one pole. Spare parts in six weeks, the season is over in six weeks.",
			"I don't want a voucher, I want my money back",
			"Rude. I was asking politely.",
			"no",
			"HELLO??? IS ANYBODY THERE",
			"Long story, sorry. I ordered a {thing} on the 3rd and paid for express. On the 5th I got a mail that it had been sent, with a number " +
				"that the courier does not know. I wrote to you on the 6th and was told to wait two days. I waited four. Then I was told that the " +
				"number was wrong and that I would get another one. I did not. On the 14th a parcel came, with somebody else's boots in it, size 47. " +
				"I wrote again, and the answer was the link to the returns page, where I have to pay for the label. I am sure that everybody is doing " +
				"their best, but could one person please read all of this once, from the top, and call me?",
		},
		moodRelease: {
			"Since the new app I can't see my orders any more.",
			"The new app logs me out every time I open the basket 😤",
			"Your update lost my saved sizes and addresses. Please bring the old app back.",
			"Paid twice because the new checkout hung. Support says wait 5 days.",
			"Cannot track my {thing} in the new app, it only shows a grey page",
			"The old app just worked. This one crashes when I pick a colour.",
			"App says delivered, website says packing, chat says \"we are looking into it\".",
			"Nobody seems to know how the new returns page works, not even you.",
			"After the update my club points are gone: 2,300 points!",
			"Third time this week that I write because the app does not load.",
			"Ordered a {thing} through the new app, no confirmation, no order, but the money is gone.",
			"Can't log in since the update. The reset mail never comes.",
			"Please test before you release things.",
			"The new app has no way to change an address, and by the time chat replied it had shipped.",
		},
		moodMixed: {
			"Okay in the end, but it took three messages.",
			"Friendly, though the {thing} is still out of stock.",
			"Got an answer, not the one I hoped for.",
			"Half of my question was answered.",
			"Quick reply, but I will only know next week whether it really works.",
			"Nice person. The return label came two days late.",
			"It's fine",
			"Refund is fine, but why does it take ten days?",
			"You could say on the product page that the merino shirt runs small.",
			"The answer was right, I just had to ask twice.",
			"Neither good nor bad 🤷",
			"Help was okay, the wait was not.",
			"I get the {thing} replaced but have to pay for shipping.",
			"So so",
		},
		moodGood: {
			"Good advice on the {thing}, thank you.",
			"Solved. A bit slow over the weekend, understandable.",
			"Clear answer, polite, all good.",
			"Helped me choose between two boots. Would have liked a picture of the sole.",
			"Exchange of the {thing} went well.",
			"Fast reply 👍",
			"Good, only the link in the first message was broken.",
			"All sorted, thanks.",
			"Refund came after two days.",
			"Helpful, and honest about the sleeping bag not being made for winter.",
			"Nice chat, got what I needed",
			"Took a while, but you really know what you are talking about.",
			"Good service as always.",
			"The size advice fits. Literally.",
			"Thank you for the quick return label.",
			"Pretty good!",
		},
		moodGreat: {
			"Brilliant. A real person who has slept in that tent in the rain!",
			"Answer within two minutes, {thing} exchanged, no questions asked.",
			"❤️",
			"👍👍👍",
			"Best customer service I have had in years.",
			"Thank you so much, the {thing} arrived one day before our trip!",
			"You saved our holiday in the Dolomites. Thank you.",
			"Super quick and super kind 😊",
			"Got a spare buckle for free. Fantastic.",
			"Very patient with all my questions about the {thing}.",
			"Perfect.",
			"Thanks!",
			"{teammate} explained exactly how to reproof my rain jacket instead of selling me a new one. That is how you keep customers.",
			"Everything solved in one message.",
			"Wow, that was fast.",
			"Honest advice: told me that the cheaper {thing} would do. It does!",
			"Lovely people, lovely shop.",
			"10/10 would get lost in the mountains again",
			"The boots fit perfectly thanks to your size advice.",
			"Excellent help with a repair that was out of warranty.",
			"🥾⛰️ thank you!",
			"I was sure that I had lost my order. Two minutes later it was found.",
			"My daughter loves her first {thing}. Great advice!",
			"Great as always",
			"Refund, apology and a tip for a hut on the way. What more can one ask for?",
			"The handwritten card in the parcel made my day.",
			"{teammate} was wonderful, please pass it on.",
			"Really helpful, thank you 🙏",
			"asdf",
			".",
			"Sorry, my cat walked over the phone. But five is right 🐈",
			"Thank you!\n\nOne more thing: the link in your mail still goes to last year's sale.",
		},
		moodRecovered: {
			"Thanks for not giving up. The new {thing} arrived today and it is perfect.",
			"Second try, much better: somebody read my messages and solved it.",
			"I was angry last week. You fixed it, so here are five stars.",
			"Refund received. Thank you for looking into it again.",
			"Credit where it is due: replaced by express, all good now 🙂",
			"It works again since the update, thank you for writing back!",
			"Changed my mind. Someone actually called me.",
			"Took two attempts, but {teammate} sorted it out in five minutes.",
			"Now THAT is service. Missing poles came by courier.",
			"All good now. Sorry for my first message.",
			"Club points are back. Thanks 👍",
			"{teammate} took over and by the evening everything was solved.",
			"You owned the mistake and made it right. Respect.",
			"The right size at last!",
			"Money is back, {thing} is here, I am happy.",
			"Happy that you asked again: yes, it is solved.",
			"The repaired {thing} is as good as new.",
			"Better late than never, thank you.",
		},
		moodStillLow: {
			"Still not solved.",
			"You ask me again, but nothing has changed. The {thing} is still broken.",
			"Second conversation, same answer.",
			"Third week without a refund now.",
			"The replacement has the same fault.",
			"Please stop asking how it was and send my {thing}.",
			"I was told it had been sent. It has not.",
			"No.",
			"Different person, again from the beginning.",
			"Still waiting 😔",
			"It is not about the voucher. It is about an answer.",
			"The label you sent me had expired.",
		},
		moodWentDown: {
			"The first chat was great, but the promised {thing} never came.",
			"I said five last time. Then the refund was 30 euros short.",
			"It broke again after two weeks and now nobody answers.",
			"What I was told last week turned out to be wrong.",
			"First so helpful, then silence.",
			"I was promised free return shipping, now I have to pay for it.",
			"Looked solved, was not. Had to write again.",
			"The exchanged {thing} is the wrong colour.",
		},
	},
	"de": {
		moodLow: {
			"Seit drei Wochen warte ich auf meine Rückerstattung.",
			"Die Frage wurde nicht beantwortet, das Gespräch einfach geschlossen.",
			"Falsche Größe geliefert, und ich soll den Rückversand bezahlen?",
			"Leider nur Textbausteine.",
			"Das Zelt ist undicht. \"Bitte imprägnieren\" hilft mir auf 2.400 Metern wenig.",
			"Viermal weitergereicht, viermal alles neu erklärt.",
			"Schade, früher war das besser.",
		},
		moodRelease: {
			"Mit der neuen App komme ich nicht mehr an meine Bestellungen.",
			"Seit dem Update stürzt der Warenkorb ab.",
			"Doppelt abgebucht, weil die neue Kasse hängen blieb.",
		},
		moodMixed: {
			"Freundlich, aber die Jacke ist immer noch nicht lieferbar.",
			"Passt schon, hat nur etwas gedauert.",
			"Halb gelöst.",
		},
		moodGood: {
			"Gute Beratung, danke.",
			"Schnell geklärt.",
			"Nett und kompetent, nur das Retourenetikett kam spät.",
			"Umtausch hat geklappt 👍",
		},
		moodGreat: {
			"Spitze! Ersatzschnalle kostenlos und am nächsten Tag da.",
			"Vielen Dank, das war richtig gute Hilfe.",
			"So stelle ich mir Beratung vor: ehrlich und ohne mir etwas aufzuschwatzen.",
			"Perfekt, gerne wieder!",
			"Der Schlafsack kam rechtzeitig zur Alpenüberquerung. Danke! 🏔️",
			"Super freundlich 😊",
			"{teammate} hat mir die Steigeisen so gut erklärt, dass ich jetzt selbst Fragen beantworten könnte.",
		},
		moodRecovered: {
			"Beim zweiten Mal hat es geklappt, danke fürs Dranbleiben.",
			"Geld ist da, alles gut.",
			"Das neue Paar passt. Nehme meine Kritik zurück.",
			"Endlich jemand, der meine Nachricht gelesen hat. Vielen Dank!",
		},
		moodStillLow: {
			"Immer noch nichts.",
			"Das Ersatzzelt hat denselben Fehler.",
			"Gleiche Antwort wie letzte Woche.",
		},
		moodWentDown: {
			"Erst top, dann keine Antwort mehr.",
			"Die zugesagte Gutschrift kam nie an.",
		},
	},
	"fr": {
		moodLow: {
			"Toujours pas remboursé après deux semaines.",
			"On m'a répondu à côté, puis la conversation a été fermée.",
			"Chaussures reçues trop petites, retour à mes frais. Inadmissible.",
			"Aucune réponse pendant cinq jours.",
			"Très déçue, la veste prend l'eau.",
		},
		moodRelease: {
			"Depuis la mise à jour, l'application se ferme toute seule.",
			"Impossible de suivre ma commande dans la nouvelle application.",
		},
		moodMixed: {
			"Correct, mais un peu long.",
			"Réponse aimable, problème à moitié réglé.",
		},
		moodGood: {
			"Bon conseil, merci.",
			"Échange rapide, petite attente au début.",
			"Efficace.",
		},
		moodGreat: {
			"Merci {teammate}, conseil parfait pour le GR20 !",
			"Réponse en deux minutes, bravo.",
			"Service au top 👏",
			"Un vrai conseil de randonneur, merci beaucoup.",
			"Le sac est arrivé la veille du départ. Merci !",
		},
		moodRecovered: {
			"Tout est réglé cette fois, merci d'avoir insisté.",
			"Remboursement reçu, je retire ma mauvaise note.",
			"La nouvelle tente est parfaite. Merci !",
		},
		moodStillLow: {
			"Rien n'a changé.",
			"Même réponse que la dernière fois.",
		},
		moodWentDown: {
			"Très bien au début, puis plus aucune nouvelle.",
		},
	},
	"es": {
		moodLow: {
			"Sigo esperando mi reembolso.",
			"Me enviaron dos veces la talla equivocada.",
			"Nadie me dice dónde está mi pedido.",
			"Respuestas automáticas, cero ayuda.",
			"La mochila llegó rota y tengo que pagar yo la devolución.",
		},
		moodRelease: {
			"Con la nueva aplicación no puedo entrar en mi cuenta.",
			"La aplicación se cierra justo al pagar.",
		},
		moodMixed: {
			"Bien, pero tardaron mucho.",
			"Amables, aunque no lo resolvieron del todo.",
		},
		moodGood: {
			"Buena atención, gracias.",
			"Cambio rápido y fácil.",
			"Todo claro 👍",
		},
		moodGreat: {
			"¡Excelente! Las botas me quedan perfectas.",
			"Muy amables y muy rápidos, gracias.",
			"Gracias a ustedes llegamos al Camino con todo listo.",
			"¡Diez de diez!",
			"{teammate} me explicó todo con mucha paciencia.",
		},
		moodRecovered: {
			"Ahora sí, todo resuelto. Gracias por insistir.",
			"Llegó el cambio y es justo lo que quería.",
			"Ya tengo el reembolso, muchas gracias.",
		},
		moodStillLow: {
			"Sigue igual.",
			"Otra vez la misma respuesta.",
		},
		moodWentDown: {
			"Al principio muy bien, después silencio total.",
		},
	},
	"pl": {
		moodLow:       {"Trzy tygodnie czekam na zwrot pieniędzy.", "Odpowiedź nie na temat, a rozmowa zamknięta."},
		moodRelease:   {"Po aktualizacji aplikacja gubi koszyk."},
		moodMixed:     {"Miło, ale problem rozwiązany tylko w połowie."},
		moodGood:      {"Dobra porada, dziękuję.", "Szybka wymiana 👍"},
		moodGreat:     {"Świetna obsługa, śpiwór dotarł przed wyjazdem w Tatry!", "{teammate} doradziła znakomicie, dziękuję!"},
		moodRecovered: {"Tym razem wszystko załatwione. Dziękuję za cierpliwość."},
		moodStillLow:  {"Nadal nic."},
	},
	"ar": {
		moodLow: {
			"ما زلت أنتظر استرداد المبلغ.",
			"وصلني مقاس خاطئ ولم يساعدني أحد.",
			"أُغلقت المحادثة دون إجابة.",
		},
		moodMixed: {"الرد جيد لكنه تأخر."},
		moodGood:  {"شكراً، خدمة جيدة.", "تم الحل."},
		moodGreat: {
			"خدمة ممتازة، شكراً جزيلاً!",
			"شكراً على صبركم 🌷",
			"الخيمة رائعة والرد كان سريعاً.",
		},
		moodRecovered: {"تم حل المشكلة هذه المرة، شكراً لكم.", "وصل البديل وهو ممتاز."},
		moodStillLow:  {"لم يتغير شيء."},
	},
	"ja": {
		moodLow: {
			"返金がまだ届いていません。",
			"質問に答えてもらえませんでした。",
			"サイズが違うのに、返送料は自己負担と言われました。",
		},
		moodMixed: {"対応は丁寧でしたが、時間がかかりました。"},
		moodGood:  {"わかりやすい説明でした。", "交換できて助かりました。"},
		moodGreat: {
			"とても親切な対応、ありがとうございました！",
			"丁寧なアドバイスのおかげで、良い靴に出会えました。",
			"迅速な対応に感謝します🙇",
		},
		moodRecovered: {"今回はきちんと解決しました。ありがとうございます。", "新しいテントが届きました。満足です。"},
		moodStillLow:  {"まだ解決していません。"},
	},
}
