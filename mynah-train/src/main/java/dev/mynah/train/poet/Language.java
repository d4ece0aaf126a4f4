package dev.mynah.train.poet;

/** What a conversation is held in; poems are Chinese in both. */
enum Language {
    ZH,
    EN
}
