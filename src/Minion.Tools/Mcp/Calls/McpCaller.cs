using System.Diagnostics;
using System.Text.Json.Nodes;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp.Sessions;
using Minion.Tools.Mcp.Transport;
using Minion.Tools.Sources;
using Minion.Tools.Sources.Cleaning;
using ModelContextProtocol;
using InputRequest = Minion.Contracts.Tools.V1.InputRequest;

namespace Minion.Tools.Mcp.Calls;

/// <summary>
/// Makes requests in the name of tool calls. What the server asks in between ends the tool call with <see cref="ToolInputRequired"/>; when it is
/// made again, the request goes on where it is still open, and is sent again with the answers otherwise.
/// </summary>
internal sealed class McpCaller(string source, SessionPool sessions, HeldCalls held, SentSecrets sent)
{
    private const int MostRounds = 20;
    private const int MostPages = 4;

    /// <param name="request">What to send.</param>
    /// <param name="call">The tool call.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Ends the request; the server is told.</param>
    public async Task<ToolOutcome> CallAsync(McpRequest request, ToolCall call, Func<JsonObject, ToolOutcome> read, CancellationToken cancellationToken)
    {
        var state = CallState.Read(call.InputState) ?? new CallState();
        if (state.Rounds > MostRounds)
        {
            return ToolOutcome.Failed($"'{source}' has asked {MostRounds} times and still not answered.", "Do without this tool.");
        }

        var said = state.Asked.Select(asked => (asked, Answer: Questions.Write(asked, call.Answers.FirstOrDefault(answer => answer.Id == asked.Id)))).ToList();
        state = state with
        {
            Said = [.. state.Said, .. said.Where(pair => pair.Answer is not null).Select(pair => new SaidAnswer(pair.asked.Key, pair.Answer!))],
        };
        var open = state.Held is { } id && held.Take(id) is { } kept ? Resume(kept, said) : null;
        var round = new Round(request, state, Said: said, call);
        var activity = Activity.Current;
        try
        {
            var anew = open is null;
            open ??= await StartAsync(round, activity, cancellationToken);
            var outcome = await FollowAsync(open, round, anew, read, cancellationToken);
            open = outcome.KeepOpen ? null : open;
            return outcome.Outcome is ToolInputRequired { Requests.Count: 0 } again
                ? await CallAsync(request, call with { Answers = [], InputState = again.State }, read, cancellationToken)
                : outcome.Outcome;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Failures.Of(exception, source, request, call.Effect == Effect.SideEffect, open?.Progress ?? "");
        }
        finally
        {
            if (open is not null)
            {
                await EndAsync(open);
            }
        }
    }

    /// <summary>Sends a request that belongs to no tool call; what the server asks meanwhile is not answered.</summary>
    public async Task<JsonObject> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var open = new OpenCall();
        try
        {
            open.Start(await sessions.EnterAsync(open, cancellationToken), method, parameters);
            while (true)
            {
                switch (await open.NextAsync(cancellationToken))
                {
                    case CallEvent.Asked asked:
                        asked.Question.Answer.TrySetResult(null);
                        break;
                    case CallEvent.Answered answered:
                        sessions.Answered();
                        return answered.Result;
                    case CallEvent.Failed failed:
                        throw failed.Exception;
                }
            }
        }
        finally
        {
            await EndAsync(open);
        }
    }

    private static OpenCall Resume((OpenCall Call, IReadOnlyList<Question> Questions) kept, List<(AskedQuestion Asked, JsonObject? Answer)> said)
    {
        foreach (var question in kept.Questions)
        {
            var key = CallState.KeyOf(question.Method, question.Parameters);
            question.Answer.TrySetResult(said.FirstOrDefault(pair => pair.Asked.Key == key).Answer);
        }

        return kept.Call;
    }

    private async Task<OpenCall> StartAsync(Round round, Activity? activity, CancellationToken cancellationToken)
    {
        var open = new OpenCall();
        open.HasProgressed += (_, _) => activity?.AddEvent(new ActivityEvent("progress", tags: new ActivityTagsCollection { ["progress"] = sent.Clean(open.Progress) }));
        try
        {
            var session = await sessions.EnterAsync(open, cancellationToken);
            open.Enter(session);
            if (!round.Request.IsAsListed())
            {
                throw new ToolSourceException($"'{round.Request.What}' of '{source}' is another tool than the one that was offered: its description or schema has changed.");
            }

            open.Start(session, round.Request.Method, round.Parameters());
            return open;
        }
        catch
        {
            await EndAsync(open);
            throw;
        }
    }

    private async Task<Followed> FollowAsync(
        OpenCall open, Round round, bool anew, Func<JsonObject, ToolOutcome> read, CancellationToken cancellationToken)
    {
        var said = anew ? round.State.Said.ToList() : [];
        while (true)
        {
            switch (await open.NextAsync(cancellationToken))
            {
                case CallEvent.Asked { Question: var question }:
                    var key = CallState.KeyOf(question.Method, question.Parameters);
                    if (said.Find(answer => answer.Key == key) is { } known)
                    {
                        said.Remove(known);
                        question.Answer.TrySetResult(known.Answer);
                        break;
                    }

                    return Ask(open, round, question, key);
                case CallEvent.Answered { Result: var result }:
                    sessions.Answered();
                    return new Followed(InputRequiredResults.Is(result) ? InputRequiredResults.Read(result, round.State, source) : Read(result, round.Request, read));
                case CallEvent.Failed { Exception: UrlElicitationRequiredException required }:
                    return AskForPages(round, required);
                case CallEvent.Failed { Exception: var exception }:
                    throw exception;
            }
        }
    }

    /// <summary>The server has answered: what cannot be read (halves of surrogate pairs, a member twice) is no lost call.</summary>
    private ToolOutcome Read(JsonObject result, McpRequest request, Func<JsonObject, ToolOutcome> read)
    {
        try
        {
            return read(result);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or System.Text.Json.JsonException)
        {
            return new ToolFailure(
                Failure.Types.Kind.InvalidResult,
                $"'{source}' has answered '{request.What}', but with what cannot be read: {exception.Message}",
                "Do without this tool; its owner has to correct it.",
                Retryable: false);
        }
    }

    /// <summary>The server refuses until a person has been on some pages; the request is sent again after that.</summary>
    private static Followed AskForPages(Round round, UrlElicitationRequiredException required)
    {
        var pages = required.Elicitations.Take(MostPages).Select((page, i) => (Id: $"q{round.State.Rounds + 1}_{i + 1}", Page: page)).ToList();
        var state = round.State with
        {
            Held = null,
            Asked = [.. pages.Select(page => new AskedQuestion(page.Id, "", ClientMethods.Elicitation, page.Id))],
            Rounds = round.State.Rounds + 1,
        };
        return new Followed(new ToolInputRequired(
            [.. pages.Select(page => new InputRequest
            {
                Id = page.Id,
                Question = new QuestionRequest { Message = ServerText.Clean(page.Page.Message, 2_000), Url = ServerText.Clean(page.Page.Url, 2_000) },
            })],
            state.Write()!));
    }

    private Followed Ask(OpenCall open, Round round, Question question, string key)
    {
        var state = round.State;
        var asked = new AskedQuestion($"q{state.Rounds + 1}", "", question.Method, key, Questions.DefaultsOf(question.Parameters));
        var id = held.Keep(open, [question], call => _ = EndAsync(call));
        var text = (state with { Held = id, Server = null, Asked = [asked], Rounds = state.Rounds + 1 }).Write();
        return new Followed(
            new ToolInputRequired([Questions.Read(asked.Id, question.Method, question.Parameters)!], text!),
            KeepOpen: id is not null);
    }

    private async Task EndAsync(OpenCall call)
    {
        await call.DisposeAsync();
        sessions.Left();
    }

    private sealed record Followed(ToolOutcome Outcome, bool KeepOpen = false);

    private sealed record Round(McpRequest Request, CallState State, List<(AskedQuestion Asked, JsonObject? Answer)> Said, ToolCall Call)
    {
        /// <summary>The request's parameters with the answers that the server has asked for in its last answer.</summary>
        public JsonObject Parameters()
        {
            var parameters = Request.Parameters.DeepClone().AsObject();
            if (Call.IdempotencyKey.Length > 0)
            {
                parameters["_meta"] = new JsonObject { ["dev.minion/idempotency-key"] = Call.IdempotencyKey };
            }

            var named = Said.Where(pair => pair.Asked.Name.Length > 0 && pair.Answer is not null).ToList();
            if (named.Count > 0)
            {
                parameters["inputResponses"] = new JsonObject(named.Select(pair => KeyValuePair.Create(pair.Asked.Name, (JsonNode?)pair.Answer!.DeepClone())));
            }

            if (State.Server is { } server)
            {
                parameters["requestState"] = server;
            }

            return parameters;
        }
    }
}

/// <summary>A request of the protocol that a tool call makes.</summary>
/// <param name="Method">The protocol's method.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="What">What it is about, for messages: the name of a tool, the address of a resource.</param>
internal sealed record McpRequest(string Method, JsonObject Parameters, string What)
{
    /// <summary>Whether what it is about still is what it was when it was offered; looked at when there is a connection.</summary>
    public Func<bool> IsAsListed { get; init; } = () => true;
}
