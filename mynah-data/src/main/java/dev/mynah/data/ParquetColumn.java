package dev.mynah.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * One string column of a Parquet file, as its footer describes it (Apache Parquet format 2.x, file layout "PAR1").
 *
 * @param schema a schema of this column alone
 * @param createdBy the program that wrote the file
 * @param chunks the column's part of each row group
 */
record ParquetColumn(MessageType schema, String createdBy, List<Chunk> chunks) {

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    /** The longest footer that is read. */
    private static final int MAX_FOOTER_BYTES = 64 << 20;

    /**
     * The pages of one row group.
     *
     * @param codec how the pages are compressed
     * @param start place of the first page in the file
     * @param bytes how long they are together
     * @param values how many values, nulls among them
     */
    record Chunk(ParquetCodec codec, long start, long bytes, long values) {}

    /** Reads the footer. @throws ParquetFormatException where the file is damaged or has no such string column */
    static ParquetColumn read(FileChannel channel, String name) throws IOException {
        FileMetaData footer = footer(channel);
        SchemaElement element = element(footer.getSchema(), name);
        Types.Builder<?, ?> type = element.getRepetition_type() == FieldRepetitionType.REQUIRED
                ? Types.required(PrimitiveTypeName.BINARY)
                : Types.optional(PrimitiveTypeName.BINARY);
        MessageType schema = new MessageType("row", (org.apache.parquet.schema.Type) type.named(name));
        List<Chunk> chunks = new ArrayList<>();
        for (RowGroup group : footer.getRow_groups()) {
            chunks.add(chunk(group, name, channel.size()));
        }
        return new ParquetColumn(schema, Objects.requireNonNullElse(footer.getCreated_by(), ""), chunks);
    }

    ColumnDescriptor descriptor() {
        return schema.getColumns().getFirst();
    }

    private static FileMetaData footer(FileChannel channel) throws IOException {
        long size = channel.size();
        int tail = Integer.BYTES + MAGIC.length;
        if (size < MAGIC.length + tail) {
            throw new ParquetFormatException("not a Parquet file: it has " + size + " bytes");
        }
        ByteBuffer end = read(channel, size - tail, tail).order(ByteOrder.LITTLE_ENDIAN);
        int length = end.getInt();
        if (!end.equals(ByteBuffer.wrap(MAGIC))) {
            throw new ParquetFormatException("not a Parquet file, or cut short: it does not end with PAR1");
        }
        if (length < 1 || length > Math.min(MAX_FOOTER_BYTES, size - tail - MAGIC.length)) {
            throw new ParquetFormatException("the footer claims " + length + " bytes of a file of " + size);
        }
        try {
            return Util.readFileMetaData(ByteBufferInputStream.wrap(read(channel, size - tail - length, length)));
        } catch (IOException | RuntimeException e) {
            throw new ParquetFormatException("the footer is damaged: " + e.getMessage());
        }
    }

    private static SchemaElement element(List<SchemaElement> schema, String name) {
        List<String> names = new ArrayList<>();
        int next = 1;
        while (next < schema.size()) {
            SchemaElement element = schema.get(next);
            if (element.getName().equals(name)) {
                if (element.getType() != Type.BYTE_ARRAY
                        || element.getRepetition_type() == FieldRepetitionType.REPEATED) {
                    throw new ParquetFormatException("column '" + name + "' is not a column of strings");
                }
                return element;
            }
            names.add(element.getName());
            next = afterSubtree(schema, next);
        }
        throw new ParquetFormatException("no column '" + name + "'; the columns are: " + String.join(", ", names));
    }

    /** The schema is a tree in depth-first order; gives the index after the element and all below it. */
    private static int afterSubtree(List<SchemaElement> schema, int index) {
        long open = 1;
        int next = index;
        while (open > 0 && next < schema.size()) {
            open += schema.get(next++).getNum_children() - 1L;
        }
        return next;
    }

    private static Chunk chunk(RowGroup group, String name, long fileSize) {
        for (org.apache.parquet.format.ColumnChunk column : group.getColumns()) {
            ColumnMetaData data = column.getMeta_data();
            if (data != null && data.getPath_in_schema().equals(List.of(name))) {
                // Some writers leave the dictionary's offset at 0.
                boolean dictionary = data.isSetDictionary_page_offset() && data.getDictionary_page_offset() > 0;
                long start = dictionary
                        ? Math.min(data.getDictionary_page_offset(), data.getData_page_offset())
                        : data.getData_page_offset();
                long bytes = data.getTotal_compressed_size();
                if (start < MAGIC.length || bytes < 0 || bytes > fileSize - start) {
                    throw new ParquetFormatException("column '" + name + "' claims " + bytes + " bytes at " + start
                            + " of a file of " + fileSize);
                }
                return new Chunk(ParquetCodec.of(data.getCodec()), start, bytes, data.getNum_values());
            }
        }
        throw new ParquetFormatException("a row group has no column '" + name + "', or it is encrypted");
    }

    private static ByteBuffer read(FileChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, position + buffer.position()) < 0) {
                throw new ParquetFormatException("the file became shorter while it was read");
            }
        }
        return buffer.flip();
    }
}
