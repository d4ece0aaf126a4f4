package dev.mynah.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DataPageHeaderV2;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;

/** Reads and decompresses the pages of one column chunk, one page at a time. */
final class ParquetPages implements PageReader {

    /** The largest page, compressed or not. Writers make pages of about 1 MB; one long value may make a larger one. */
    private static final int MAX_PAGE_BYTES = 256 << 20;

    private final ParquetColumn.Chunk chunk;
    private final Statistics<?> noStatistics;
    private final RangeStream in;
    private long valuesRead;

    ParquetPages(FileChannel channel, ParquetColumn column, ParquetColumn.Chunk chunk) {
        this.chunk = chunk;
        this.noStatistics = Statistics.createStats(column.descriptor().getPrimitiveType());
        this.in = new RangeStream(channel, chunk.start(), chunk.bytes());
    }

    @Override
    public long getTotalValueCount() {
        return chunk.values();
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        try {
            in.buffered.mark(1 << 20);
            PageHeader header = Util.readPageHeader(in.buffered);
            if (header.getType() != PageType.DICTIONARY_PAGE) {
                in.buffered.reset();
                return null;
            }
            return new DictionaryPage(
                    BytesInput.from(decompressed(header)),
                    header.getDictionary_page_header().getNum_values(),
                    encoding(header.getDictionary_page_header().getEncoding()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable DataPage readPage() {
        try {
            while (valuesRead < chunk.values()) {
                PageHeader header = Util.readPageHeader(in.buffered);
                switch (header.getType()) {
                    case DATA_PAGE -> {
                        return version1(header, header.getData_page_header());
                    }
                    case DATA_PAGE_V2 -> {
                        return version2(header, header.getData_page_header_v2());
                    }
                    default -> in.buffered.skipNBytes(size(header.getCompressed_page_size()));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DataPage version1(PageHeader header, DataPageHeader data) throws IOException {
        valuesRead += data.getNum_values();
        byte[] page = decompressed(header);
        return new DataPageV1(
                BytesInput.from(page),
                data.getNum_values(),
                page.length,
                noStatistics,
                encoding(data.getRepetition_level_encoding()),
                encoding(data.getDefinition_level_encoding()),
                encoding(data.getEncoding()));
    }

    /** In version 2 the levels stand uncompressed before the values. */
    private DataPage version2(PageHeader header, DataPageHeaderV2 data) throws IOException {
        valuesRead += data.getNum_values();
        byte[] page = compressed(header);
        int repetition = data.getRepetition_levels_byte_length();
        int definition = data.getDefinition_levels_byte_length();
        int levels = Math.addExact(repetition, definition);
        int rest = Math.subtractExact(size(header.getUncompressed_page_size()), levels);
        if (repetition < 0 || definition < 0 || levels > page.length || rest < 0) {
            throw new ParquetFormatException("a page of " + page.length + " bytes claims levels of " + levels);
        }
        boolean isCompressed = !data.isSetIs_compressed() || data.isIs_compressed();
        ParquetCodec codec = isCompressed ? chunk.codec() : ParquetCodec.UNCOMPRESSED;
        byte[] values = codec.decompress(page, levels, page.length - levels, rest);
        return DataPageV2.uncompressed(
                data.getNum_rows(),
                data.getNum_nulls(),
                data.getNum_values(),
                BytesInput.from(page, 0, repetition),
                BytesInput.from(page, repetition, definition),
                encoding(data.getEncoding()),
                BytesInput.from(values),
                noStatistics);
    }

    private byte[] decompressed(PageHeader header) throws IOException {
        byte[] page = compressed(header);
        return chunk.codec().decompress(page, 0, page.length, size(header.getUncompressed_page_size()));
    }

    private byte[] compressed(PageHeader header) throws IOException {
        int size = size(header.getCompressed_page_size());
        byte[] page = in.buffered.readNBytes(size);
        if (page.length != size) {
            throw new EOFException("a page is cut short");
        }
        return page;
    }

    private static int size(int claimed) {
        if (claimed < 0 || claimed > MAX_PAGE_BYTES) {
            throw new ParquetFormatException(
                    "a page claims " + claimed + " bytes; at most " + MAX_PAGE_BYTES + " are read");
        }
        return claimed;
    }

    private static Encoding encoding(org.apache.parquet.format.Encoding encoding) {
        return Encoding.valueOf(encoding.name());
    }

    /** A stretch of a file as a stream. */
    private static final class RangeStream extends InputStream {

        private final FileChannel channel;
        private final long end;
        private final BufferedInputStream buffered = new BufferedInputStream(this, 1 << 16);
        private long position;

        RangeStream(FileChannel channel, long start, long length) {
            this.channel = channel;
            this.position = start;
            this.end = start + length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (position >= end) {
                return -1;
            }
            int wanted = (int) Math.min(length, end - position);
            int n = channel.read(ByteBuffer.wrap(target, offset, wanted), position);
            position += Math.max(0, n);
            return n;
        }
    }
}
