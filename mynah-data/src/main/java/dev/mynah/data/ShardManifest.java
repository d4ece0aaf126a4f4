package dev.mynah.data;

import java.util.List;
import java.util.Map;

/**
 * What {@code manifest.json} of a folder of token shards holds; in the file, names are in snake case.
 *
 * @param formatVersion {@value #FORMAT_VERSION}
 * @param fingerprint hash of all that the shards depend on: source files (path, size, time of change), options, tokenizer
 * @param dtype type of an id in the shard files, little-endian: {@code uint16} or {@code int32}
 * @param tokenizerSha256 SHA-256 of the tokenizer's file
 * @param vocabSize every id is below it
 * @param endOfDocumentId the id after each document
 * @param splits by {@link Split#key}
 * @param sources the files that were read
 * @param cleaning what each cleaning step did
 * @param duplicates what de-duplication dropped
 * @param skipped what could not be read
 */
public record ShardManifest(
        int formatVersion,
        String fingerprint,
        String dtype,
        String tokenizerSha256,
        int vocabSize,
        int endOfDocumentId,
        Map<String, SplitPart> splits,
        List<Source> sources,
        List<StepCount> cleaning,
        Duplicates duplicates,
        Skipped skipped) {

    public static final int FORMAT_VERSION = 1;

    public ShardManifest {
        sources = List.copyOf(sources);
        cleaning = List.copyOf(cleaning);
    }

    /**
     * One split.
     *
     * @param documents its documents
     * @param textBytes bytes of their text in UTF-8: the denominator of bits per byte
     * @param tokens its tokens, one end-of-document id for each document among them
     * @param shards its files, in order
     */
    public record SplitPart(long documents, long textBytes, long tokens, List<Shard> shards) {

        public SplitPart {
            shards = List.copyOf(shards);
        }
    }

    /**
     * One file of ids.
     *
     * @param file its name in the folder
     * @param tokens how many ids it holds
     * @param sha256 of its bytes
     */
    public record Shard(String file, long tokens, String sha256) {}

    /**
     * One file that was read.
     *
     * @param name of the data set
     * @param licence of the data set
     * @param path where it lay
     * @param bytes its size
     * @param sha256 of its bytes
     * @param documents documents read from it, before cleaning
     */
    public record Source(String name, String licence, String path, long bytes, String sha256, long documents) {}

    /**
     * Documents dropped as duplicates.
     *
     * @param exact equal to an earlier one
     * @param near nearly equal to an earlier one
     */
    public record Duplicates(long exact, long near) {}
}
