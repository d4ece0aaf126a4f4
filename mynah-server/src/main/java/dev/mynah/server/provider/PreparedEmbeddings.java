package dev.mynah.server.provider;

import java.util.List;

/** Texts that are to become vectors: each is a choice that ends without tokens. */
public interface PreparedEmbeddings extends PreparedGeneration {

    /** Numbers of each vector. */
    int width();

    /** The vectors of the texts, of length 1, after all have ended. */
    List<float[]> vectors();
}
