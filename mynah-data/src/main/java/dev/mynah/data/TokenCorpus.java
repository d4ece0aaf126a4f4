package dev.mynah.data;

import dev.mynah.data.ShardManifest.Shard;
import dev.mynah.data.ShardManifest.SplitPart;
import dev.mynah.files.Digests;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** A folder of token shards, open for reading: the manifest and the ids of each split. Close it when nothing reads from it any more. */
public final class TokenCorpus implements Closeable {

    private final Path folder;
    private final ShardManifest manifest;
    private final Arena arena;
    private final Map<Split, TokenShards> splits;

    private TokenCorpus(Path folder, ShardManifest manifest, Arena arena, Map<Split, TokenShards> splits) {
        this.folder = folder;
        this.manifest = manifest;
        this.arena = arena;
        this.splits = splits;
    }

    /**
     * Opens a folder that {@link Corpus#prepare} wrote. Checks the manifest and the size of every file; for their content see {@link #verify}.
     *
     * @throws ShardFormatException where the folder is damaged or not one of token shards
     */
    public static TokenCorpus open(Path folder) throws IOException {
        ShardManifest manifest = ManifestFile.read(folder);
        ManifestCheck.check(folder, manifest);
        Arena arena = Arena.ofShared();
        try {
            Map<Split, TokenShards> splits = new EnumMap<>(Split.class);
            for (Split split : Split.values()) {
                SplitPart part = Objects.requireNonNull(manifest.splits().get(split.key()));
                splits.put(split, TokenShards.map(folder, part, manifest.vocabSize(), arena));
            }
            return new TokenCorpus(folder, manifest, arena, splits);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    public Path folder() {
        return folder;
    }

    public ShardManifest manifest() {
        return manifest;
    }

    /** The ids of one split; it may be empty. */
    public TokenShards split(Split split) {
        return Objects.requireNonNull(splits.get(split));
    }

    /**
     * Reads all shard files and compares them with the hashes in the manifest.
     *
     * @throws ShardFormatException where one differs
     */
    public void verify() throws IOException {
        for (SplitPart part : manifest.splits().values()) {
            for (Shard shard : part.shards()) {
                Path file = folder.resolve(shard.file());
                String found = Files.isRegularFile(file) ? Digests.ofFile(file) : "no file";
                if (!found.equals(shard.sha256())) {
                    throw new ShardFormatException(
                            file + " has changed: sha256 is " + found + ", the manifest says " + shard.sha256());
                }
            }
        }
    }

    @Override
    public void close() {
        arena.close();
    }
}
