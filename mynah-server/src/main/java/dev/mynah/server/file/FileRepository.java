package dev.mynah.server.file;

import dev.mynah.server.store.Times;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What is known of files. */
@Component
final class FileRepository {
    private final JdbcClient jdbc;

    FileRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(StoredFile file) {
        jdbc.sql("""
            insert into stored_file (id, organisation_id, user_id, filename, purpose, bytes, sha256, created_at, expires_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
                .params(
                        file.id(),
                        file.organisationId(),
                        file.userId(),
                        file.filename(),
                        file.purpose().id(),
                        file.bytes(),
                        file.sha256(),
                        Times.sql(file.createdAt()))
                .param(Times.sqlOrNull(file.expiresAt()))
                .update();
    }

    Optional<StoredFile> find(String id, String organisationId, Instant now) {
        return jdbc.sql("select * from stored_file where id = ? and organisation_id = ? and (expires_at is null or"
                        + " expires_at > ?)")
                .params(id, organisationId, Times.sql(now))
                .query(FileRepository::file)
                .optional();
    }

    /**
     * Files of an organisation.
     *
     * @param purpose its name, or empty for all
     * @param after   the file that the page follows, or empty
     */
    List<StoredFile> page(String organisationId, String purpose, String after, boolean newestFirst, int most) {
        return jdbc.sql("""
            select * from stored_file where organisation_id = ? and (? = '' or purpose = ?) and (? = '' or id %s ?)
            order by id %s limit %d
            """.formatted(newestFirst ? "<" : ">", newestFirst ? "desc" : "asc", most))
                .params(organisationId, purpose, purpose, after, after)
                .query(FileRepository::file)
                .list();
    }

    List<StoredFile> ofUser(String userId) {
        return jdbc.sql("select * from stored_file where user_id = ? order by id")
                .param(userId)
                .query(FileRepository::file)
                .list();
    }

    boolean delete(String id, String organisationId) {
        return jdbc.sql("delete from stored_file where id = ? and organisation_id = ?")
                        .params(id, organisationId)
                        .update()
                == 1;
    }

    /** What an organisation's files take, and what it has announced. Others that add to them wait for the end of this transaction. */
    long lockUsedBytes(String organisationId) {
        jdbc.sql("select id from organisation where id = ? for update")
                .param(organisationId)
                .query(String.class)
                .single();
        return jdbc.sql(
                        "select (select coalesce(sum(bytes), 0) from stored_file where organisation_id = ?)"
                                + " + (select coalesce(sum(bytes), 0) from upload where organisation_id = ? and status = 'pending')")
                .params(organisationId, organisationId)
                .query(Long.class)
                .single();
    }

    List<StoredFile> expired(Instant now) {
        return jdbc.sql("select * from stored_file where expires_at <= ?")
                .param(Times.sql(now))
                .query(FileRepository::file)
                .list();
    }

    boolean isKnown(String id) {
        return jdbc.sql("select (select count(*) from stored_file where id = ?)"
                                + " + (select count(*) from upload_part where id = ?)")
                        .params(id, id)
                        .query(Long.class)
                        .single()
                == 1;
    }

    private static StoredFile file(ResultSet row, int number) throws SQLException {
        return new StoredFile(
                row.getString("id"),
                row.getString("organisation_id"),
                row.getString("user_id"),
                row.getString("filename"),
                FilePurpose.of(row.getString("purpose")).orElseThrow(),
                row.getLong("bytes"),
                row.getString("sha256"),
                Times.get(row, "created_at"),
                Times.getOrNull(row, "expires_at"));
    }
}
