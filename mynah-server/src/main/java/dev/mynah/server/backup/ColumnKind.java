package dev.mynah.server.backup;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a column holds, whichever database it is in, and how that is written in a back-up. */
enum ColumnKind {
    TEXT(Types.VARCHAR),
    WHOLE(Types.BIGINT),
    REAL(Types.DOUBLE),
    DECIMAL(Types.NUMERIC),
    BOOL(Types.BOOLEAN),
    MOMENT(Types.TIMESTAMP_WITH_TIMEZONE),
    DATE(Types.DATE),
    BYTES(Types.BINARY);

    private final int sqlType;

    ColumnKind(int sqlType) {
        this.sqlType = sqlType;
    }

    /** By the name that H2 or PostgreSQL gives a type. */
    static ColumnKind of(String type) {
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "varchar", "text", "bpchar", "character varying", "character", "character large object" -> TEXT;
            case "int2", "int4", "int8", "smallint", "integer", "bigint" -> WHOLE;
            case "float4", "float8", "real", "double precision" -> REAL;
            case "numeric", "decimal" -> DECIMAL;
            case "bool", "boolean" -> BOOL;
            case "timestamptz", "timestamp with time zone" -> MOMENT;
            case "date" -> DATE;
            case "bytea", "binary varying", "binary large object" -> BYTES;
            default -> throw new IllegalStateException("back-ups know no column of the type " + type);
        };
    }

    JsonNode read(ResultSet row, int column) throws SQLException {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (row.getObject(column) == null) {
            return json.nullNode();
        }
        return switch (this) {
            case TEXT -> json.stringNode(row.getString(column));
            case WHOLE -> json.numberNode(row.getLong(column));
            case REAL -> json.numberNode(row.getDouble(column));
            case DECIMAL -> json.stringNode(row.getBigDecimal(column).toPlainString());
            case BOOL -> json.booleanNode(row.getBoolean(column));
            case MOMENT ->
                json.stringNode(row.getObject(column, OffsetDateTime.class)
                        .withOffsetSameInstant(ZoneOffset.UTC)
                        .toString());
            case DATE -> json.stringNode(row.getObject(column, LocalDate.class).toString());
            case BYTES -> json.stringNode(Base64.getEncoder().encodeToString(row.getBytes(column)));
        };
    }

    void write(PreparedStatement statement, int parameter, @Nullable JsonNode value) throws SQLException {
        if (value == null || value.isNull()) {
            statement.setNull(parameter, sqlType);
            return;
        }
        switch (this) {
            case TEXT -> statement.setString(parameter, value.stringValue());
            case WHOLE -> statement.setLong(parameter, value.longValue());
            case REAL -> statement.setDouble(parameter, value.doubleValue());
            case DECIMAL -> statement.setBigDecimal(parameter, new BigDecimal(value.stringValue()));
            case BOOL -> statement.setBoolean(parameter, value.booleanValue());
            case MOMENT -> statement.setObject(parameter, OffsetDateTime.parse(value.stringValue()));
            case DATE -> statement.setObject(parameter, LocalDate.parse(value.stringValue()));
            case BYTES -> statement.setBytes(parameter, Base64.getDecoder().decode(value.stringValue()));
        }
    }
}
