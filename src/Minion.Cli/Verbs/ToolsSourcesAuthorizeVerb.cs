using System.CommandLine;
using Grpc.Core;
using Minion.Cli.Output;
using Minion.Cli.Tools;
using Minion.Contracts.Tools.V1;

namespace Minion.Cli.Verbs;

/// <summary>Lets a person consent to what an MCP server asks for.</summary>
internal static class ToolsSourcesAuthorizeVerb
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(11);

    public static Command Create(Terminal terminal)
    {
        var name = new Argument<string>("source") { Description = "The source's name." };
        var code = new Option<bool>("--code") { Description = "Type in where the page led, or the code in it, instead of waiting for it here: when the browser is on another machine." };
        var port = new Option<int>("--port") { Description = "The port of the address that the page leads back to, where the client was registered with one; any unless given.", HelpName = "number" };
        port.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535)
            {
                result.AddError("--port must be a number from 0 to 65535.");
            }
        });
        return new Command("authorize", "Authorizes an MCP server by OAuth: prints the page on which you consent, and waits until you have.") { name, code, port }
            .Does(terminal, async (invocation, cancellation) =>
            {
                using var listener = ConsentListener.Start(invocation.Get(port));
                using var connection = invocation.Connect();
                using var call = connection.ToolRegistry.AuthorizeSource(connection.Call(cancellation, Patience));
                await SendAsync(call, new AuthorizeSourceRequest
                {
                    Start = new AuthorizeSourceRequest.Types.Start { Name = invocation.Get(name)!, RedirectUri = listener.Address.AbsoluteUri },
                }, cancellation);
                while (await call.ResponseStream.MoveNext(cancellation))
                {
                    if (call.ResponseStream.Current is { StepCase: AuthorizeSourceResponse.StepOneofCase.Source, Source: var source })
                    {
                        invocation.Done(source, $"source {source.Name} authorized");
                        return ExitCodes.Ok;
                    }

                    await terminal.Error.WriteLineAsync($"Open this page and consent:\n\n  {call.ResponseStream.Current.Page}\n".AsMemory(), cancellation);
                    var led = invocation.Get(code) ? await ReadAsync(terminal, cancellation) : await listener.LedAsync(cancellation);
                    await SendAsync(call, new AuthorizeSourceRequest { Redirected = led }, cancellation);
                }

                throw new CliFailure(ExitCodes.Failed, "not_authorized", "The server ended the authorization without a word.", "Try again; 'minion status' shows how it is.");
            });
    }

    private static async Task SendAsync(AsyncDuplexStreamingCall<AuthorizeSourceRequest, AuthorizeSourceResponse> call, AuthorizeSourceRequest request, CancellationToken cancellation)
    {
        try
        {
            await call.RequestStream.WriteAsync(request, cancellation);
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            // The call has ended; its end, which is read next, says why.
        }
    }

    private static async Task<string> ReadAsync(Terminal terminal, CancellationToken cancellation)
    {
        await terminal.Error.WriteLineAsync("Then give the address that it led to (that page itself cannot be reached), or the code in it:".AsMemory(), cancellation);
        return await terminal.ReadLineAsync("> ", cancellation) is { } line && line.Trim() is { Length: > 0 } answer
            ? answer
            : throw new CliFailure(ExitCodes.Failed, "not_authorized", "Nothing was given.", "Run it again, and give the address or the code.");
    }
}
