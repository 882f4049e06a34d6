using System.Web;
using Grpc.Core;
using Minion.Contracts.Callers;
using Minion.Contracts.Faults;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Mcp.Authorization;
using Minion.Tools.Registry;
using Minion.Tools.Sources;

namespace Minion.Tools.Api;

/// <summary>Leads a person through the authorization of a source. The call is the state: it ends with the client, and nothing of it is kept before it has worked.</summary>
internal sealed class SourceAuthorization(SourceSet sources, TenantRegistry registry, TimeProvider time)
{
    private const int LongestRedirect = 200;
    private const int LongestAnswer = 8192;

    /// <summary>What the call begins with.</summary>
    /// <exception cref="Fault">INVALID_ARGUMENT with all fields.</exception>
    public async Task<AuthorizeSourceRequest.Types.Start> StartAsync(IAsyncStreamReader<AuthorizeSourceRequest> requests, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(OAuth.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        var start = await requests.MoveNext(either.Token) ? requests.Current.Start : null;
        var violations = new Violations();
        violations.Check(start is not null, "start", "must be what the call begins with.");
        var isHere = Uri.TryCreate(start?.RedirectUri, UriKind.Absolute, out var redirect) && redirect.Scheme == Uri.UriSchemeHttp && redirect.IsLoopback
            && redirect.UserInfo.Length == 0 && redirect.Query.Length == 0 && redirect.Fragment.Length == 0 && start!.RedirectUri.Length <= LongestRedirect;
        violations.Check(start is null || isHere, "start.redirect_uri", $"must be an http address at the loopback interface without a query, at most {LongestRedirect} characters.");
        violations.ThrowIfAny();
        return start!;
    }

    /// <exception cref="Fault">It did not work; says why.</exception>
    public async Task RunAsync(
        Caller caller, AuthorizeSourceRequest.Types.Start start, IAsyncStreamReader<AuthorizeSourceRequest> requests, IServerStreamWriter<AuthorizeSourceResponse> responses,
        CancellationToken cancellationToken)
    {
        await registry.GetAsync(caller.Tenant, cancellationToken);
        using var late = new CancellationTokenSource(OAuth.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            var source = sources.Find(caller.Tenant, start.Name)?.Source as IConsentingSource
                ?? throw new ToolSourceException($"'{start.Name}' cannot be used at the moment.");
            await source.AuthorizeAsync(new Uri(start.RedirectUri), AskAsync, either.Token);
        }
        catch (ToolSourceException problem)
        {
            throw new Fault(StatusCode.FailedPrecondition, "SOURCE_NOT_AUTHORIZED", problem.Message, "Correct what it says, and authorize the source again.");
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new Fault(StatusCode.DeadlineExceeded, "SOURCE_NOT_AUTHORIZED", $"Nobody has consented within {OAuth.Patience.TotalMinutes:0} minutes.", "Authorize the source again.");
        }

        async Task<Uri?> AskAsync(Uri page, CancellationToken token)
        {
            if (page.Scheme != Uri.UriSchemeHttps && page.Scheme != Uri.UriSchemeHttp)
            {
                throw new ToolSourceException($"The authorization server of '{start.Name}' has a page that is no web page.");
            }

            await responses.WriteAsync(new AuthorizeSourceResponse { Page = page.AbsoluteUri }, token);
            return await requests.MoveNext(token) && requests.Current.Redirected.Trim() is { Length: > 0 and <= LongestAnswer } answer ? Read(start, page, answer) : null;
        }
    }

    /// <summary>A code alone belongs to the page that this call has shown.</summary>
    private static Uri? Read(AuthorizeSourceRequest.Types.Start start, Uri page, string answer) => answer.Contains("://", StringComparison.Ordinal)
        ? Uri.TryCreate(answer, UriKind.Absolute, out var led) ? led : null
        : new Uri($"{start.RedirectUri}?code={Uri.EscapeDataString(answer)}&state={Uri.EscapeDataString(HttpUtility.ParseQueryString(page.Query)["state"] ?? "")}");
}
