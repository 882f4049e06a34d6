using Dapper;
using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Data.Embedded;
using Npgsql;

namespace Minion.Data.Tests.Embedded;

public sealed class EmbeddedPostgresTests
{
    [Fact]
    public async Task A_new_folder_is_filled_and_what_is_stored_is_there_after_a_restart()
    {
        await using var folder = new ServerFolder();
        await using (var first = await folder.StartAsync())
        {
            await ExecuteAsync(first, "CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)");
        }

        PostgresProcesses.In(folder.Postgres).ShouldBeEmpty();
        await using var second = await folder.StartAsync();
        (await QueryAsync<int>(second, "SELECT id FROM kept")).ShouldBe(7);
    }

    [Fact]
    public async Task The_login_is_no_superuser_and_owns_its_database_and_everything_is_synced()
    {
        await using var folder = await ServerFolder.UsedAsync();
        await using var server = await folder.StartAsync();

        (await QueryAsync<bool>(server, "SELECT rolsuper OR rolbypassrls OR rolcreatedb FROM pg_roles WHERE rolname = current_user")).ShouldBeFalse();
        (await QueryAsync<string>(server, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()")).ShouldBe("minion");
        (await QueryAsync<string>(server, "SHOW fsync")).ShouldBe("on");
        (await QueryAsync<string>(server, "SHOW full_page_writes")).ShouldBe("on");
        (await QueryAsync<string>(server, "SHOW synchronous_commit")).ShouldBe("on");
        (await QueryAsync<string>(server, "SHOW listen_addresses")).ShouldBe("");
    }

    [Fact]
    public async Task Passwords_and_sockets_are_for_this_user_only_and_a_wrong_password_is_refused()
    {
        await using var folder = await ServerFolder.UsedAsync();
        await using var server = await folder.StartAsync();
        const UnixFileMode readWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        File.GetUnixFileMode(Path.Combine(folder.Path, "postgres.passwords")).ShouldBe(readWrite);
        File.GetUnixFileMode(new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!).ShouldBe(readWrite | UnixFileMode.UserExecute);
        File.Exists(Path.Combine(folder.Path, "initdb.password")).ShouldBeFalse();

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "wrong", Pooling = false };
        await using var connection = new NpgsqlConnection(wrong.ConnectionString);
        (await Should.ThrowAsync<PostgresException>(() => connection.OpenAsync())).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task A_second_server_on_the_folder_is_refused_and_told_which_process_has_it()
    {
        await using var folder = await ServerFolder.UsedAsync();
        await using var first = await folder.StartAsync();

        var fault = await Should.ThrowAsync<Fault>(() => folder.StartAsync());
        fault.Reason.ShouldBe("DATA_FOLDER_IN_USE");
        fault.Message.ShouldContain($"process {Environment.ProcessId}");
        await ExecuteAsync(first, "SELECT 1");
    }

    [Fact]
    public async Task After_a_stop_the_folder_can_be_used_again_at_once()
    {
        await using var folder = await ServerFolder.UsedAsync();
        await using var first = await folder.StartAsync();
        await first.DisposeAsync();
        await folder.StartAsync();
    }

    [Fact]
    public async Task A_folder_of_another_major_version_is_refused_with_the_way_to_upgrade()
    {
        await using var folder = new ServerFolder();
        Directory.CreateDirectory(folder.Postgres);
        await File.WriteAllTextAsync(Path.Combine(folder.Postgres, "PG_VERSION"), "9\n");

        var fault = await Should.ThrowAsync<Fault>(() => folder.StartAsync());
        fault.Status.ShouldBe(StatusCode.FailedPrecondition);
        fault.Reason.ShouldBe("DATA_FOLDER_OF_OTHER_VERSION");
        fault.Message.ShouldContain("PostgreSQL 9");
        fault.Hint.ShouldContain("pg_upgrade");
        fault.Hint.ShouldContain("postgresql-9");
        Directory.GetFiles(folder.Postgres).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_start_that_was_killed_half_way_is_begun_again()
    {
        await using var folder = new ServerFolder();
        Directory.CreateDirectory($"{folder.Postgres}.new");
        await File.WriteAllTextAsync(Path.Combine($"{folder.Postgres}.new", "PG_VERSION"), "15\n");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "initdb.password"), "old");

        await ExecuteAsync(await folder.StartAsync(), "SELECT 1");
        Directory.Exists($"{folder.Postgres}.new").ShouldBeFalse();
    }

    [Fact]
    public async Task A_process_id_file_whose_number_belongs_to_somebody_else_by_now_does_not_stop_the_start()
    {
        await using var folder = await ServerFolder.UsedAsync();
        var first = await folder.StartAsync();
        var file = await File.ReadAllLinesAsync(PostmasterFile.PathIn(folder.Postgres));
        await first.DisposeAsync();

        file[0] = $"{Environment.ProcessId}";
        await File.WriteAllLinesAsync(PostmasterFile.PathIn(folder.Postgres), file);
        await ExecuteAsync(await folder.StartAsync(), "SELECT 1");
    }

    [Fact]
    public async Task A_setting_that_PostgreSQL_refuses_is_reported_in_its_own_words()
    {
        await using var folder = await ServerFolder.UsedAsync();
        await File.AppendAllTextAsync(Path.Combine(folder.Postgres, "postgresql.conf"), "\nno_such_setting = 1\n");

        var fault = await Should.ThrowAsync<Fault>(() => folder.StartAsync());
        fault.Reason.ShouldBe("POSTGRES_NOT_STARTED");
        fault.Message.ShouldContain("no_such_setting");
        fault.Hint.ShouldContain("server.log");
    }

    [Fact]
    public async Task A_long_path_to_the_folder_is_no_matter()
    {
        await using var folder = new ServerFolder();
        var deep = Path.Combine(folder.Path, new string('d', 120));
        await using var server = await folder.StartAsync(folder.Options with { Folder = deep });
        await ExecuteAsync(server, "SELECT 1");

        var sockets = new NpgsqlConnectionStringBuilder(server.ConnectionString).Host!;
        sockets.Length.ShouldBeLessThan(80);
        await server.DisposeAsync();
        Directory.Exists(sockets).ShouldBeFalse();
    }

    [Fact]
    public async Task It_runs_in_a_session_of_its_own_so_that_the_terminal_does_not_interrupt_it()
    {
        await using var folder = await ServerFolder.UsedAsync();
        await using var server = await folder.StartAsync();
        Session(server.ProcessId!.Value).ShouldNotBe(Session(Environment.ProcessId));
    }

    [Fact]
    public async Task Started_by_root_it_runs_as_a_user_without_rights()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root can start it as another user.");
        await using var folder = await ServerFolder.UsedAsync();
        await using var server = await folder.StartAsync();

        var account = ServerAccount.Choose()!;
        (await File.ReadAllLinesAsync($"/proc/{server.ProcessId}/status")).Single(l => l.StartsWith("Uid:", StringComparison.Ordinal))
            .ShouldBe($"Uid:\t{account.User}\t{account.User}\t{account.User}\t{account.User}");
        account.User.ShouldNotBe(0u);
    }

    [Fact]
    public async Task Started_by_root_on_a_folder_that_shuts_others_out_it_says_so()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root starts it as another user.");
        await using var folder = new ServerFolder();
        File.SetUnixFileMode(folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var fault = await Should.ThrowAsync<Fault>(() => folder.StartAsync());
        fault.Reason.ShouldBe("DATA_FOLDER_NOT_REACHABLE");
        fault.Message.ShouldContain(folder.Path);
    }

    private static string Session(int process)
    {
        // After the name in parentheses: state, parent, group, session (proc(5)).
        var stat = File.ReadAllText($"/proc/{process}/stat");
        return stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[3];
    }

    private static async Task ExecuteAsync(EmbeddedPostgres server, string sql)
    {
        await using var connection = await OpenAsync(server);
        await connection.ExecuteAsync(sql);
    }

    private static async Task<T?> QueryAsync<T>(EmbeddedPostgres server, string sql)
    {
        await using var connection = await OpenAsync(server);
        return await connection.ExecuteScalarAsync<T>(sql);
    }

    private static async Task<NpgsqlConnection> OpenAsync(EmbeddedPostgres server)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
