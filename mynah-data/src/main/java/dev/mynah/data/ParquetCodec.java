package dev.mynah.data;

import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.format.CompressionCodec;
import org.jspecify.annotations.Nullable;

/** How the pages of a Parquet column are compressed. */
enum ParquetCodec {
    UNCOMPRESSED,
    SNAPPY,
    GZIP,
    ZSTD,
    LZ4_RAW;

    static ParquetCodec of(@Nullable CompressionCodec codec) {
        String name = codec == null ? "an unknown codec" : codec.name();
        for (ParquetCodec known : values()) {
            if (known.name().equals(name)) {
                return known;
            }
        }
        throw new ParquetFormatException(
                "compressed with " + name + "; supported are uncompressed, snappy, gzip, zstd and lz4_raw");
    }

    /** Decompresses a whole page. @throws RuntimeException where the data is damaged or not of that length */
    byte[] decompress(byte[] data, int offset, int length, int uncompressedLength) throws IOException {
        byte[] out = new byte[uncompressedLength];
        int written = switch (this) {
            case UNCOMPRESSED -> copy(data, offset, length, out);
            case SNAPPY -> new SnappyDecompressor().decompress(data, offset, length, out, 0, out.length);
            case ZSTD -> new ZstdDecompressor().decompress(data, offset, length, out, 0, out.length);
            case LZ4_RAW -> new Lz4Decompressor().decompress(data, offset, length, out, 0, out.length);
            case GZIP -> gunzip(data, offset, length, out);
        };
        if (written != uncompressedLength) {
            throw new ParquetFormatException(
                    "a page has " + written + " bytes, its header claims " + uncompressedLength);
        }
        return out;
    }

    private static int copy(byte[] data, int offset, int length, byte[] out) {
        System.arraycopy(data, offset, out, 0, Math.min(length, out.length));
        return length;
    }

    private static int gunzip(byte[] data, int offset, int length, byte[] out) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(data, offset, length))) {
            return in.readNBytes(out, 0, out.length);
        }
    }
}
