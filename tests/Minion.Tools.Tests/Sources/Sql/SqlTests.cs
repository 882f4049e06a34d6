using System.Text.Json;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Sources;
using Npgsql;
using Kind = Minion.Contracts.Tools.V1.Failure.Types.Kind;

namespace Minion.Tools.Tests.Sources.Sql;

public sealed class SqlTests(SqlFixture shop) : IClassFixture<SqlFixture>
{
    private const string Reading = """{ "connection": "${SHOP_CONNECTION}" }""";

    [Fact]
    public async Task Rows_come_with_their_columns_and_as_JSON_of_their_types()
    {
        var result = (await QueryAsync("SELECT o.*, c.name FROM orders o JOIN customers c ON c.id = o.customer ORDER BY o.id")).Value();

        result.GetProperty("columns").EnumerateArray().Select(column => column.GetProperty("name").GetString())
            .ShouldBe(["id", "customer", "amount", "paid", "at", "data", "name"]);
        result.GetProperty("rows")[0].GetRawText().ShouldBe("""[1,1,12.50,true,"2026-01-02 03:04:05+00","x","Ada"]""");
        result.GetProperty("rows")[1].GetRawText().ShouldBe("""[2,2,null,false,null,{"deep":[1,2]},"Grace"]""");
        result.GetProperty("count").GetInt32().ShouldBe(2);
        result.TryGetProperty("truncated", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("SELECT 'NaN'::float8, 'Infinity'::numeric, 12345678901234567890123456789012345678901234567890::numeric", """["NaN","Infinity",12345678901234567890123456789012345678901234567890]""")]
    [InlineData("SELECT 1e-300::float8, -0.5::float4, ARRAY[1,2], '\\xff'::bytea, 'infinity'::timestamp", """[1e-300,-0.5,"{1,2}","\\xff","infinity"]""")]
    [InlineData("SELECT ROW(1, 'a'), '1 day'::interval, '10.0.0.0/8'::cidr, 'größer'", """["(1,a)","1 day","10.0.0.0/8","größer"]""")]
    [InlineData("SHOW transaction_read_only", """["on"]""")]
    [InlineData("VALUES (1)", "[1]")]
    public async Task Any_type_can_be_read(string sql, string expected) =>
        (await QueryAsync(sql)).Value().GetProperty("rows")[0].GetRawText().ShouldBe(expected);

    [Fact]
    public async Task Values_go_apart_from_the_text_and_take_the_type_of_their_place()
    {
        var tool = await ToolAsync();
        var result = await tool.InvokeAsync(
            """{ "sql": "SELECT name FROM customers WHERE id = $1 AND name <> $2 AND ($3::text IS NULL) AND $4", "parameters": [1, "'; DROP TABLE customers; --", null, true] }""");
        result.Value().GetProperty("rows").GetRawText().ShouldBe("""[["Ada"]]""");
    }

    /// <summary>Ways out of a transaction that only reads: by other statements, by functions, by settings.</summary>
    public static TheoryData<string> Writing =>
    [
        "UPDATE customers SET name = 'x'",
        "WITH gone AS (UPDATE customers SET name = 'x' RETURNING 1) SELECT count(*) FROM gone",
        "INSERT INTO customers VALUES (9, 'x')",
        "UPDATE customers SET name = 'x'",
        "CREATE TABLE public.more (id int)",
        "TRUNCATE customers",
        "SELECT * FROM customers FOR UPDATE",
        "COMMIT; UPDATE customers SET name = 'x'",
        "SELECT 1; UPDATE customers SET name = 'x'",
        "ROLLBACK; BEGIN READ WRITE; UPDATE customers SET name = 'x'; COMMIT",
        "SET TRANSACTION READ WRITE; UPDATE customers SET name = 'x'",
        "DO $$ BEGIN SET TRANSACTION READ WRITE; UPDATE customers SET name = 'x'; END $$",
        "DO $$ BEGIN PERFORM set_config('transaction_read_only', 'off', false); UPDATE customers SET name = 'x'; END $$",
        "DO $$ BEGIN COMMIT; UPDATE customers SET name = 'x'; COMMIT; END $$",
        "DO $$ BEGIN EXECUTE 'COMMIT'; UPDATE customers SET name = 'x'; END $$",
        "EXPLAIN ANALYZE UPDATE customers SET name = 'x'",
        "/* SELECT */ UPDATE customers SET name = 'x' -- SELECT",
        "COPY customers FROM PROGRAM 'echo 9,x'",
        "COPY customers TO PROGRAM 'cat'",
        "COPY customers TO '/tmp/customers'",
        "SELECT pg_read_file('/etc/passwd')",
        "SET ROLE postgres",
        "SELECT * FROM secrets",
    ];

    [Theory]
    [MemberData(nameof(Writing))]
    public async Task Nothing_can_be_changed_whatever_the_statement_is(string sql)
    {
        (await QueryAsync(sql)).Failure().Undecided.ShouldBeFalse();

        (await QueryAsync("SELECT count(*) FROM customers WHERE name IN ('Ada', 'Grace')")).Value().GetProperty("rows").GetRawText().ShouldBe("[[2]]");
    }

    [Theory]
    [InlineData("COMMIT")]
    [InlineData("SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE")]
    [InlineData("SELECT set_config('default_transaction_read_only', 'off', false), set_config('statement_timeout', '0', false)")]
    [InlineData("CREATE TEMP TABLE customers (id int)")]
    public async Task What_a_statement_changes_of_its_own_session_is_gone_at_the_next_call(string sql)
    {
        await using var source = shop.Kind.Create("shop", """{ "connection": "${SHOP_CONNECTION}", "max_connections": 1 }""");
        var tool = await source.ToolAsync("shop_query");
        await tool.InvokeAsync(Sql(sql));

        (await tool.InvokeAsync(Sql("UPDATE customers SET name = 'x'"))).Failure();
        (await tool.InvokeAsync(Sql("SELECT current_setting('statement_timeout'), count(*) FROM public.customers"))).Value()
            .GetProperty("rows").GetRawText().ShouldBe("""[["10s",2]]""");
    }

    [Fact]
    public async Task A_lock_does_not_outlive_the_call_that_took_it()
    {
        await using var source = shop.Kind.Create("shop", Reading);
        (await (await source.ToolAsync("shop_query")).InvokeAsync(Sql("SELECT pg_advisory_lock(4711)"))).Value();

        await using var other = new NpgsqlConnection(shop.ConnectionString);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock(4711)", other);
        (await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)).ShouldBe(true);
    }

    [Fact]
    public async Task Rows_beyond_the_limit_are_not_read()
    {
        await using var source = shop.Kind.Create("shop", """{ "connection": "${SHOP_CONNECTION}", "max_rows": 3 }""");
        var tool = await source.ToolAsync("shop_query");
        var result = (await tool.InvokeAsync(Sql("SELECT generate_series(1, 2000000000)"))).Value();
        result.GetProperty("rows").GetRawText().ShouldBe("[[1],[2],[3]]");
        result.GetProperty("truncated").GetString().ShouldBe("more than 3 rows");

        (await tool.InvokeAsync("""{ "sql": "SELECT i FROM generate_series(1, 2) i", "limit": 2 }""")).Value().TryGetProperty("truncated", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("SELECT repeat('x', 100000000)")]
    [InlineData("SELECT repeat('ü', 100) FROM generate_series(1, 100000)")]
    [InlineData("SELECT 'abc', repeat('y', 200000), repeat('z', 200000)")]
    public async Task Bytes_beyond_the_limit_are_not_kept(string sql)
    {
        await using var source = shop.Kind.Create("shop", """{ "connection": "${SHOP_CONNECTION}", "max_bytes": 2000, "max_rows": 10000 }""");
        var tool = await source.ToolAsync("shop_query");
        var result = (await tool.InvokeAsync(Sql(sql))).Value();
        result.GetRawText().Length.ShouldBeLessThan(tool.Description.Policy.ResultLimit);
        result.GetRawText().ShouldMatch(@"\[cut\]|more than 2000 bytes");
    }

    [Theory]
    [InlineData("SELECT pg_sleep(600)")]
    [InlineData("SELECT set_config('statement_timeout', '0', true), pg_sleep(600)")]
    [InlineData("DO $$ BEGIN SET LOCAL statement_timeout = 0; PERFORM pg_sleep(600); END $$")]
    public async Task A_statement_ends_at_its_timeout(string sql)
    {
        await using var source = shop.Kind.Create("shop", """{ "connection": "${SHOP_CONNECTION}", "timeout": "300ms" }""");
        var tool = await source.ToolAsync("shop_query");
        (await tool.InvokeAsync(Sql(sql))).Failure().Kind.ShouldBe(Kind.TimedOut);
        // Also what is quick may take longer than that on a busy machine.
        await Eventually.HoldsAsync(async () => await tool.InvokeAsync(Sql("SELECT 1")) is ToolResult);
    }

    [Fact]
    public async Task A_failure_says_how_to_recover()
    {
        (await QueryAsync("SELECT nme FROM customers")).Failure().Hint.ShouldContain("shop_schema");
        (await QueryAsync("SELEC 1")).Failure().Message.ShouldContain("at character 1");
        (await QueryAsync("SELECT 1; SELECT 2")).Failure().Message.ShouldContain("one statement");
        (await QueryAsync("DELETE FROM orders")).Failure().Hint.ShouldContain("not for writing");
        (await QueryAsync("COPY customers TO STDOUT")).Failure();
        (await QueryAsync("SELECT 1")).Value();
    }

    [Fact]
    public async Task The_schema_tells_tables_that_the_login_may_read()
    {
        await using var source = shop.Kind.Create("shop", Reading);
        var schema = await source.ToolAsync("shop_schema");
        var tables = (await schema.InvokeAsync("{}")).Value().GetProperty("tables").EnumerateArray().ToList();
        tables.Select(table => table.GetProperty("table").GetString()).ShouldBe(["customers", "orders"]);
        tables[0].GetProperty("comment").GetString().ShouldBe("Who buys.");
        tables[1].GetProperty("references")[0].GetString().ShouldBe("FOREIGN KEY (customer) REFERENCES customers(id)");

        var one = (await schema.InvokeAsync("""{ "table": "CUST" }""")).Value().GetProperty("tables").EnumerateArray().Single();
        one.GetProperty("columns")[0].GetRawText().ShouldContain("\"integer\"");
        (await schema.InvokeAsync("""{ "table": "%" }""")).Value().GetProperty("tables").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Only_a_source_that_says_so_writes_and_then_whole_or_not_at_all()
    {
        await using var reading = shop.Kind.Create("shop", Reading);
        (await reading.ListAsync(TestContext.Current.CancellationToken)).Select(tool => tool.Description.Name).ShouldBe(["shop_query", "shop_schema"]);

        await using var writing = shop.Kind.Create("shop", """{ "connection": "${SHOP_CONNECTION}", "write": true }""");
        var execute = await writing.ToolAsync("shop_execute");
        execute.Description.Policy.Effect.ShouldBe(Effect.SideEffect);
        var result = (await execute.InvokeAsync("""{ "sql": "INSERT INTO orders (id, customer) VALUES ($1, 1), ($2, 1) RETURNING id", "parameters": [100, 101] }""")).Value();
        result.GetProperty("affected").GetInt32().ShouldBe(2);
        result.GetProperty("rows").GetRawText().ShouldBe("[[100],[101]]");

        (await execute.InvokeAsync(Sql("INSERT INTO orders (id) VALUES (102), (100)"))).Failure().Undecided.ShouldBeFalse();
        var query = await writing.ToolAsync("shop_query");
        (await query.InvokeAsync(Sql("DELETE FROM orders"))).Failure().Hint.ShouldContain("shop_execute");
        (await query.InvokeAsync(Sql("SELECT count(*) FROM orders WHERE id >= 100"))).Value().GetProperty("rows").GetRawText().ShouldBe("[[2]]");
        (await execute.InvokeAsync(Sql("DELETE FROM orders WHERE id >= 100"))).Value().GetProperty("affected").GetInt32().ShouldBe(2);
    }

    [Theory]
    [InlineData("ALTER ROLE {0} SUPERUSER", "ALTER ROLE {0} NOSUPERUSER", "superuser")]
    [InlineData("GRANT pg_execute_server_program TO {0}", "REVOKE pg_execute_server_program FROM {0}", "machine")]
    [InlineData("DO $$ BEGIN EXECUTE format('GRANT %I TO {0}', current_user); END $$", "DO $$ BEGIN EXECUTE format('REVOKE %I FROM {0}', current_user); END $$", "become")]
    public async Task A_login_that_may_too_much_is_refused(string before, string after, string word)
    {
        var login = $"\"{shop.Database.Name}_{word}\"";
        await shop.Database.ExecuteAsSuperuserAsync($"CREATE ROLE {login} LOGIN PASSWORD 'x'; {string.Format(before, login)}");
        try
        {
            shop.Variables[$"{word.ToUpperInvariant()}_CONNECTION"] =
                new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Username = login.Trim('"'), Password = "x" }.ConnectionString;
            await using var source = shop.Kind.Create("shop", $$"""{ "connection": "${{{word.ToUpperInvariant()}}_CONNECTION}" }""");
            (await (await source.ToolAsync("shop_query")).InvokeAsync(Sql("SELECT 1"))).Failure().Message.ShouldContain(word);
            source.Health.State.ShouldBe(SourceState.Failing);
        }
        finally
        {
            await shop.Database.ExecuteAsSuperuserAsync($"{string.Format(after, login)}; DROP ROLE {login}");
        }
    }

    [Fact]
    public async Task Minions_own_login_is_never_used()
    {
        await using var source = shop.Kind.Create("own", """{ "connection": "${OWN_CONNECTION}" }""");
        (await (await source.ToolAsync("own_query")).InvokeAsync(Sql("SELECT 1"))).Failure().Message.ShouldContain("own login");
    }

    [Fact]
    public async Task Named_connections_are_those_of_the_tenant_and_secrets_stay_unsaid()
    {
        shop.Options.Connections["named"] = new() { ConnectionString = shop.ConnectionString, Tenants = { "other" } };
        shop.Variables["BROKEN_CONNECTION"] = "Host=127.0.0.1;Passwort=geheim";
        shop.Variables["WRONG_CONNECTION"] = new NpgsqlConnectionStringBuilder(shop.ConnectionString) { Password = "geheim" }.ConnectionString;

        await using var theirs = shop.Kind.Create("named", """{ "connection": "named" }""", tenant: "other");
        (await (await theirs.ToolAsync("named_query")).InvokeAsync(Sql("SELECT 1"))).Value();

        foreach (var connection in new[] { "named", "nowhere", "${MISSING_CONNECTION}", "${BROKEN_CONNECTION}", "${WRONG_CONNECTION}" })
        {
            await using var source = shop.Kind.Create("shop", JsonSerializer.Serialize(new { connection }));
            var failure = (await (await source.ToolAsync("shop_query")).InvokeAsync(Sql("SELECT 1"))).Failure();
            failure.Message.ShouldNotContain("geheim");
            source.Health.State.ShouldBe(SourceState.Failing);
        }
    }

    [Fact]
    public void Settings_are_checked_all_at_once() =>
        shop.Kind.Problems("""{ "connection": "Host=x;Password=y", "maxrows": 3, "max_bytes": 1, "timeout": "1d", "write": "maybe" }""")
            .Select(problem => problem.Split(' ')[0]).ShouldBe(["/write", "/timeout", "/max_bytes", "/connection", "/maxrows"]);

    private async Task<ITool> ToolAsync()
    {
        var source = shop.Kind.Create("shop", Reading);
        return await source.ToolAsync("shop_query");
    }

    private async Task<ToolOutcome> QueryAsync(string sql)
    {
        await using var source = shop.Kind.Create("shop", Reading);
        return await (await source.ToolAsync("shop_query")).InvokeAsync(Sql(sql));
    }

    private static string Sql(string sql) => JsonSerializer.Serialize(new { sql });
}
