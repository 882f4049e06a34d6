using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Minion.Contracts.Servers;
using Minion.Server.Options;

namespace Minion.Server.Tests;

/// <summary>The program itself, from its entry point, in this process: the host is caught when it is built, in order to stop it.</summary>
internal sealed class RunningProgram : IAsyncDisposable
{
    /// <summary>The collection of the tests that use it: which host is caught is clear only when there is one.</summary>
    public const string OneAtATime = "program";

    private readonly Task<int> _exit;
    private readonly IHost _host;

    private RunningProgram(Task<int> exit, IHost host)
    {
        _exit = exit;
        _host = host;
    }

    public string DataFolder => _host.Services.GetRequiredService<ServerOptions>().DataFolder;

    public RunningServer Note => RunningServer.Read(DataFolder).ShouldNotBeNull();

    /// <summary>Runs the program until it is ready, or has ended.</summary>
    public static async Task<RunningProgram> StartAsync(params string[] args)
    {
        var built = new TaskCompletionSource<IHost>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var all = DiagnosticListener.AllListeners.Subscribe(new Observer<DiagnosticListener>(listener =>
        {
            if (listener.Name == "Microsoft.Extensions.Hosting")
            {
                listener.Subscribe(new Observer<KeyValuePair<string, object?>>(e => Catch(e, built)));
            }
        }));
        var exit = RunAsync(args);
        if (await Task.WhenAny(built.Task, exit) == exit)
        {
            throw new InvalidOperationException($"The program ended with {await exit}.");
        }

        var host = await built.Task;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.Register(ready.SetResult);
        return await Task.WhenAny(ready.Task, exit) == exit
            ? throw new InvalidOperationException($"The program ended with {await exit}.")
            : new RunningProgram(exit, host);
    }

    /// <summary>Runs the program to its end; gives its exit code.</summary>
    public static Task<int> RunAsync(params string[] args) => Task.Factory.StartNew(
        () => (int)typeof(ServerOptions).Assembly.EntryPoint!.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [args], null)!,
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public async Task<int> StopAsync()
    {
        _host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        return await _exit;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_exit.IsCompleted)
        {
            await StopAsync();
        }
    }

    private static void Catch(KeyValuePair<string, object?> e, TaskCompletionSource<IHost> built)
    {
        // Other tests build hosts too, for a database for example.
        if (e is { Key: "HostBuilt", Value: IHost host } && host.Services.GetService<ServerOptions>() is not null)
        {
            built.TrySetResult(host);
        }
    }

    private sealed class Observer<T>(Action<T> next) : IObserver<T>
    {
        public void OnNext(T value) => next(value);

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }
}
