package dev.mynah.server.file;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is known of uploads and their parts. */
@Component
final class UploadRepository {
    private final JdbcClient jdbc;

    UploadRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A part that has come. */
    record Part(String id, long bytes) {}

    void insert(Upload upload) {
        jdbc.sql("""
                        insert into upload (id, organisation_id, user_id, filename, purpose, bytes, life_seconds, status, created_at, expires_at)
                        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .params(
                        upload.id(),
                        upload.organisationId(),
                        upload.userId(),
                        upload.filename(),
                        upload.purpose().id(),
                        upload.bytes())
                .param(upload.life() == null ? null : upload.life().toSeconds())
                .params(upload.status(), Times.sql(upload.createdAt()), Times.sql(upload.expiresAt()))
                .update();
    }

    Optional<Upload> find(String id, String organisationId) {
        return find(id, organisationId, "");
    }

    /** As {@link #find}; others that change it wait for the end of this transaction. */
    Optional<Upload> lock(String id, String organisationId) {
        return find(id, organisationId, " for update");
    }

    private Optional<Upload> find(String id, String organisationId, String locking) {
        return jdbc.sql("select * from upload where id = ? and organisation_id = ?" + locking)
                .params(id, organisationId)
                .query(UploadRepository::upload)
                .optional();
    }

    void end(String id, String status) {
        jdbc.sql("update upload set status = ? where id = ?").params(status, id).update();
    }

    void completed(String id, String fileId) {
        jdbc.sql("update upload set file_id = ? where id = ?")
                .params(fileId, id)
                .update();
    }

    void insertPart(String uploadId, Part part) {
        jdbc.sql("insert into upload_part (id, upload_id, bytes) values (?, ?, ?)")
                .params(part.id(), uploadId, part.bytes())
                .update();
    }

    List<Part> parts(String uploadId) {
        return jdbc.sql("select id, bytes from upload_part where upload_id = ? order by id")
                .param(uploadId)
                .query((row, n) -> new Part(row.getString("id"), row.getLong("bytes")))
                .list();
    }

    void deleteParts(String uploadId) {
        jdbc.sql("delete from upload_part where upload_id = ?").param(uploadId).update();
    }

    /** Deletes uploads whose time was over before {@code before}; of their parts nothing is known any more. */
    void deleteExpired(Instant before) {
        jdbc.sql("delete from upload where expires_at < ?")
                .param(Times.sql(before))
                .update();
    }

    private static Upload upload(ResultSet row, int number) throws SQLException {
        long life = row.getLong("life_seconds");
        boolean forEver = row.wasNull();
        return new Upload(
                row.getString("id"),
                row.getString("organisation_id"),
                row.getString("user_id"),
                row.getString("filename"),
                FilePurpose.of(row.getString("purpose")).orElseThrow(),
                row.getLong("bytes"),
                forEver ? null : Duration.ofSeconds(life),
                row.getString("status"),
                row.getString("file_id"),
                Times.get(row, "created_at"),
                Times.get(row, "expires_at"));
    }
}
