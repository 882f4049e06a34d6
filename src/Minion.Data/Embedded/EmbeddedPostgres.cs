using Grpc.Core;
using Minion.Contracts.Faults;
using Npgsql;

namespace Minion.Data.Embedded;

/// <summary>
/// A private PostgreSQL on a data folder. It ends with this process, however that dies; it is not restarted by itself when it dies
/// (<see cref="EmbeddedPostgresService"/> does that).
/// </summary>
internal sealed class EmbeddedPostgres : IAsyncDisposable
{
    public const string Superuser = "postgres";
    public const string Login = DatabaseOptions.ConnectionName;
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly EmbeddedPostgresOptions _options;
    private readonly PostgresFolderLock _lock;
    private readonly ServerAccount? _account;
    private readonly PostgresPrograms _programs;
    private readonly string _sockets;
    private readonly Passwords _passwords;
    private readonly TimeProvider _time;
    private Supervisor? _supervisor;

    private EmbeddedPostgres(
        EmbeddedPostgresOptions options, PostgresFolderLock @lock, ServerAccount? account, PostgresPrograms programs, TimeProvider time)
    {
        _options = options;
        _lock = @lock;
        _account = account;
        _programs = programs;
        _time = time;
        var kept = Passwords.In(options.Folder, isNewServer: !PostgresFolder.Exists(options.PostgresFolder));
        _passwords = kept with { Login = options.Password ?? kept.Login };
        _sockets = SocketFolder.Choose(options.Folder, account is not null, Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR"));
    }

    /// <summary>For the database of Minion, as its login.</summary>
    public string ConnectionString => Connection(Login, _passwords.Login, Login);

    /// <summary>For bootstrap and tests only.</summary>
    public string SuperuserConnectionString => Connection(Superuser, _passwords.Superuser, "postgres");

    public string Folder => _options.Folder;

    public PostgresPrograms Programs => _programs;

    /// <summary>The process id of PostgreSQL; null while it does not run.</summary>
    public int? ProcessId => _supervisor?.Server;

    /// <summary>Completes when PostgreSQL ends.</summary>
    public Task Exited => _supervisor?.Exited ?? Task.CompletedTask;

    /// <exception cref="Fault">The folder is in use, not writable, or of another version; or PostgreSQL is missing or does not start.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(
        EmbeddedPostgresOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
        {
            throw new Fault(
                StatusCode.FailedPrecondition, "EMBEDDED_POSTGRES_UNSUPPORTED", "The embedded PostgreSQL needs Linux or macOS.",
                $"Name a server in ConnectionStrings__{DatabaseOptions.ConnectionName}.");
        }

        options = options with { Folder = Path.GetFullPath(options.Folder) };
        var folderLock = PostgresFolderLock.Take(options.Folder);
        EmbeddedPostgres? server = null;
        try
        {
            var account = ServerAccount.Choose();
            var programs = await PostgresSearch.FindAsync(options.Places, options.PostgresFolder, cancellationToken);
            server = new EmbeddedPostgres(options, folderLock, account, programs, time);
            await server.PrepareAsync(cancellationToken);
            await server.StartAgainAsync(cancellationToken);
            await EmbeddedBootstrap.RunAsync(server.SuperuserConnectionString, server._passwords.Login, cancellationToken);
            return server;
        }
        catch (Exception e)
        {
            await (server?.DisposeAsync() ?? ValueTask.CompletedTask);
            folderLock.Dispose();
            if (e is UnauthorizedAccessException or IOException or NpgsqlException)
            {
                throw EmbeddedFaults.NotStarted(options.Folder, "PostgreSQL could not be started", e.Message);
            }

            throw;
        }
    }

    /// <summary>Starts PostgreSQL on the folder, after the first start or after it died.</summary>
    /// <exception cref="Fault">It does not start.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        if (_supervisor is { } ended)
        {
            _supervisor = null;
            await ended.DisposeAsync();
        }

        await Leftover.EndAsync(_options.PostgresFolder, _time, _options.StartTimeout, cancellationToken);
        SocketFolder.Prepare(_sockets, _account);
        var logged = ServerLog.Rotate(_options.PostgresFolder);
        var supervisor = await Supervisor.StartAsync(
            _account,
            [_programs.Server, "-D", _options.PostgresFolder, .. ServerSettings.Arguments(_sockets, _options)],
            ServerLog.PathIn(_options.PostgresFolder),
            _options.Ephemeral ? _options.Folder : null,
            cancellationToken);
        try
        {
            await WaitUntilReadyAsync(supervisor, logged, cancellationToken);
            _supervisor = supervisor;
        }
        catch
        {
            await supervisor.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops PostgreSQL and gives the folder back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_supervisor is { } supervisor)
        {
            _supervisor = null;
            supervisor.AskToStop();
            using var deadline = new CancellationTokenSource(StopTimeout, _time);
            await supervisor.Exited.WaitAsync(deadline.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!supervisor.Exited.IsCompleted)
            {
                // What is committed is in the log and is recovered at the next start.
                Libc.Signal(supervisor.Server, Libc.Quit);
            }

            await supervisor.DisposeAsync();
        }

        SocketFolder.Remove(_sockets);
        _lock.Dispose();
    }

    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (_account is { } reaching)
        {
            await FolderOwner.CheckReachableAsync(reaching, _options.Folder, cancellationToken);
        }

        if (!PostgresFolder.Exists(_options.PostgresFolder))
        {
            await PostgresFolder.CreateAsync(_options, _programs, _account, _passwords.Superuser, cancellationToken);
        }

        if (_account is { } owning)
        {
            await FolderOwner.EnsureAsync(owning, _options, cancellationToken);
        }
    }

    private async Task WaitUntilReadyAsync(Supervisor supervisor, long logged, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (PostmasterFile.Read(_options.PostgresFolder) is not { Ready: true, Process: var id } || id != supervisor.Server)
        {
            if (supervisor.Exited.IsCompleted || _time.GetElapsedTime(started) > _options.StartTimeout)
            {
                throw EmbeddedFaults.NotStarted(
                    _options.Folder,
                    supervisor.Exited.IsCompleted
                        ? $"PostgreSQL {_programs.Major} ended while it started"
                        : $"PostgreSQL {_programs.Major} was not ready within {_options.StartTimeout.TotalSeconds:0} seconds",
                    ServerLog.Since(_options.PostgresFolder, logged));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), _time, cancellationToken);
        }
    }

    private string Connection(string user, string password, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _sockets,
        Port = _options.Port ?? ServerSettings.DefaultPort,
        Username = user,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
    }.ConnectionString;
}
