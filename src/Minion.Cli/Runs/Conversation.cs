using System.Runtime.InteropServices;
using Grpc.Core;
using Minion.Cli.Connections;
using Minion.Cli.Output;
using Minion.Contracts.Orchestration.V1;

namespace Minion.Cli.Runs;

/// <summary>Turns of one session with one agent.</summary>
internal sealed class Conversation
{
    private readonly Invocation _invocation;
    private readonly Connection _connection;
    private readonly string _agent;
    private readonly Session _session;

    private Conversation(Invocation invocation, Connection connection, string agent, Session session)
    {
        _invocation = invocation;
        _connection = connection;
        _agent = agent;
        _session = session;
    }

    private Terminal Terminal => _invocation.Terminal;

    /// <summary>Opens a session with <paramref name="agent"/>, or goes on with the one named.</summary>
    /// <exception cref="RpcException">There is no such agent or session.</exception>
    public static async Task<Conversation> OpenAsync(
        Invocation invocation, Connection connection, string agent, string? sessionId, CancellationToken cancellation)
    {
        if (sessionId is not null)
        {
            var found = await connection.Sessions.GetSessionAsync(new GetSessionRequest { Id = sessionId }, connection.Call(cancellation));
            return new Conversation(invocation, connection, agent, found.Session);
        }

        await connection.Agents.GetAgentAsync(new GetAgentRequest { Name = agent }, connection.Call(cancellation));
        var created = await connection.Sessions.CreateSessionAsync(new CreateSessionRequest { Agent = agent }, connection.Call(cancellation));
        return new Conversation(invocation, connection, agent, created.Session);
    }

    /// <summary>Says who answers, and what was said last when the session is an older one.</summary>
    public async Task IntroduceAsync(CancellationToken cancellation)
    {
        Terminal.Dim($"{_agent} listens. Ctrl-C cancels a turn, Ctrl-D ends.");
        Terminal.Out.WriteLine();
        if (_session.MessageCount == 0)
        {
            return;
        }

        var recent = await _connection.Sessions.ListMessagesAsync(
            new ListMessagesRequest { SessionId = _session.Id, Limit = 6, Newest = true }, _connection.Call(cancellation));
        foreach (var message in recent.Messages)
        {
            Terminal.Dim(message.Role == Role.User ? "> " + Phrases.Short(message.Content, 500) : Phrases.Printable(message.Content));
            Terminal.Out.WriteLine();
        }
    }

    public void SayHowToGoOn()
    {
        Terminal.Dim($"To go on: minion chat {_agent} --session {_session.Id}");
        Terminal.Out.WriteLine();
    }

    /// <summary>Says <paramref name="text"/> and shows what the agent does and answers.</summary>
    /// <returns>The exit code that the turn stands for.</returns>
    public async Task<int> TurnAsync(string text, CancellationToken cancellation)
    {
        var started = await _connection.Runs.StartRunAsync(
            new StartRunRequest { Agent = _agent, Input = text, SessionId = _session.Id, RequestId = RequestIds.Create(Terminal.Time) },
            _connection.Call(cancellation));

        IRunView view = _invocation.Json ? new NoView() : new ConversationView(Terminal);
        var follower = new Follower(Terminal, _connection, view, mayAsk: Terminal.IsInteractive && !_invocation.Json);
        Run run;
        using (new TurnInterrupt(Terminal, _connection, started.Run.Id))
        {
            run = await follower.FollowAsync(started.Run.Id, cancellation);
        }

        if (_invocation.Json)
        {
            Terminal.Line(RunDocument.Create(run, follower.Calls));
        }
        else
        {
            RunEnd.Show(Terminal, run);
        }

        return RunStates.ExitCode(run);
    }

    /// <summary>While it lives, the first Ctrl-C cancels the run instead of ending the process.</summary>
    private sealed class TurnInterrupt : IDisposable
    {
        private readonly Terminal _terminal;
        private readonly Connection _connection;
        private readonly string _runId;
        private bool _asked;

        public TurnInterrupt(Terminal terminal, Connection connection, string runId)
        {
            (_terminal, _connection, _runId) = (terminal, connection, runId);
            terminal.Interrupts.Handler = Received;
        }

        public void Dispose() => _terminal.Interrupts.Handler = null;

        private bool Received(PosixSignal signal)
        {
            if (signal != PosixSignal.SIGINT || _asked)
            {
                return false;
            }

            _asked = true;
            _terminal.Error.WriteLine();
            _terminal.Error.WriteLine("Cancelling this turn; Ctrl-C again leaves at once.");
            _ = CancelAsync();
            return true;
        }

        private async Task CancelAsync()
        {
            try
            {
                await _connection.Runs.CancelRunAsync(
                    new CancelRunRequest { Id = _runId, Reason = "Ctrl-C in the terminal" }, _connection.Call(CancellationToken.None));
            }
            catch (RpcException exception)
            {
                _terminal.Error.WriteLine(Refusals.Explain(exception, _connection.Address).Message);
            }
        }
    }
}
