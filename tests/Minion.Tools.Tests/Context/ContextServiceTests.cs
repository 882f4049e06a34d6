using System.Diagnostics;
using Grpc.Core;
using Minion.Contracts.Tools.V1;
using Minion.Tools.Browser;
using Minion.Tools.Context;
using Minion.Tools.Tests.Api;

namespace Minion.Tools.Tests.Context;

public sealed class ContextServiceTests(ToolsHost host) : IClassFixture<ToolsHost>
{
    private static readonly ContextProvider Repository = new() { Repository = new RepositoryContext { Folder = "shop" } };
    private static readonly ContextProvider Documents = new() { Documentation = new DocumentationContext { Folder = "handbook" } };

    [Fact]
    public async Task A_repository_is_told_by_its_tree_symbols_and_changes()
    {
        var text = (await GetAsync("How is an order refunded?", Repository)).Text;

        text.ShouldStartWith("<context kind=\"repository\">");
        text.ShouldContain("src/ (2 files)");
        text.ShouldContain("src/orders.py: Order, refund");
        text.ShouldNotContain("secret");
        text.ShouldNotContain("node_modules");
        if (Chromium.OnPath("git") is not null)
        {
            text.ShouldContain("Refunds for orders");
        }
    }

    [Fact]
    public async Task Documents_are_told_by_the_parts_that_go_with_the_task()
    {
        var text = (await GetAsync("How long do refunds take?", Documents)).Text;

        text.ShouldContain("[refunds.md]");
        text.ShouldContain("Refunds take five days.");
        text.ShouldNotContain("Parcels are sent");
    }

    [Fact]
    public async Task Surroundings_and_preferences_are_told()
    {
        var headers = host.As(Callers.Ada with { Principal = "user:told" });
        await host.Context.SetPreferenceAsync(new SetPreferenceRequest { Name = "language", Value = "German" }, headers);

        var request = new GetContextRequest
        {
            Providers = { new ContextProvider { Environment = new EnvironmentContext() }, new ContextProvider { Preferences = new PreferencesContext() } },
        };
        var answer = await host.Context.GetContextAsync(request, host.As(Callers.Ada with { Principal = "user:told" }));

        answer.Text.ShouldContain("Date: ");
        answer.Text.ShouldContain("language: German");
        answer.Parts.Select(part => part.Provider).ShouldBe(["environment", "preferences"]);
    }

    [Fact]
    public async Task All_together_stay_within_the_tokens()
    {
        var request = new GetContextRequest { Providers = { Repository, Documents, Repository, Documents }, MaxTokens = 150, Query = "refunds" };

        var answer = await host.Context.GetContextAsync(request);

        answer.Tokens.ShouldBeInRange(1, 150);
        answer.Parts.ShouldContain(part => part.Shortened);
    }

    [Fact]
    public async Task A_folder_that_is_not_open_is_a_problem_of_its_part_alone()
    {
        var answer = await GetAsync("refunds", new ContextProvider { Documentation = new DocumentationContext { Folder = "etc" } }, Documents);

        answer.Parts[0].Problem.ShouldContain("open no folder 'etc'");
        answer.Text.ShouldContain("five days");
    }

    [Fact]
    public async Task Everything_that_is_wrong_is_said_at_once()
    {
        var request = new GetContextRequest { Providers = { new ContextProvider(), new ContextProvider { Documentation = new DocumentationContext { Folder = "../etc" } } }, MaxTokens = 5 };

        var detail = (await FaultAsync(host.Context.GetContextAsync(request))).Status.Detail;

        foreach (var field in new[] { "max_tokens:", "providers[0]:", "providers[1].documentation.folder:" })
        {
            detail.ShouldContain(field);
        }
    }

    [Fact]
    public async Task Preferences_are_a_persons_own()
    {
        var ada = Callers.Ada with { Principal = "user:own" };
        await host.Context.SetPreferenceAsync(new SetPreferenceRequest { Name = "tone", Value = "short" }, host.As(ada));
        await host.Context.SetPreferenceAsync(new SetPreferenceRequest { Name = "tone", Value = "long" }, host.As(ada));

        (await host.Context.ListPreferencesAsync(new ListPreferencesRequest(), host.As(ada))).Preferences.ShouldHaveSingleItem().Value.ShouldBe("long");
        (await host.Context.ListPreferencesAsync(new ListPreferencesRequest(), host.As(ada with { Principal = "user:other" }))).Preferences.ShouldBeEmpty();
        (await host.Context.ListPreferencesAsync(new ListPreferencesRequest(), host.As(ada with { Tenant = "other" }))).Preferences.ShouldBeEmpty();
        await host.Context.DeletePreferenceAsync(new DeletePreferenceRequest { Name = "tone" }, host.As(ada));
        (await FaultAsync(host.Context.DeletePreferenceAsync(new DeletePreferenceRequest { Name = "tone" }, host.As(ada)))).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Folders_are_for_administrators()
    {
        (await host.Context.ListContextFoldersAsync(new ListContextFoldersRequest())).Folders.Select(f => f.Name).ShouldBe(["common", "handbook", "shop"]);

        (await FaultAsync(host.Context.ListContextFoldersAsync(new ListContextFoldersRequest(), host.As(Callers.Guest)))).StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Folders_of_other_tenants_are_not_there()
    {
        var acme = host.As(Callers.Ada with { Tenant = "acme", Permissions = ["*"] });
        var other = host.As(Callers.Ada with { Tenant = "other", Permissions = ["*"] });
        var request = new GetContextRequest { Providers = { Folder("handbook"), Folder("theirs"), Folder("common"), Folder("nothing") }, Query = "refunds" };

        (await host.Context.ListContextFoldersAsync(new ListContextFoldersRequest(), acme)).Folders.Select(f => f.Name).ShouldBe(["common", "theirs"]);
        (await host.Context.ListContextFoldersAsync(new ListContextFoldersRequest(), other)).Folders.Select(f => f.Name).ShouldBe(["common"]);
        Missing(await host.Context.GetContextAsync(request, acme)).ShouldBe([true, false, false, true]);
        Missing(await host.Context.GetContextAsync(request, other)).ShouldBe([true, true, false, true]);
        Missing(await host.Context.GetContextAsync(request)).ShouldBe([false, true, false, true]);

        static ContextProvider Folder(string name) => new() { Documentation = new DocumentationContext { Folder = name } };
        static IEnumerable<bool> Missing(GetContextResponse answer) => answer.Parts.Select(part => part.Problem.Contains($"open no folder '{part.Subject}'", StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_wrong_with_the_settings_is_said_at_once()
    {
        var options = new ContextOptions();
        options.Folders["Handbook"] = new OpenFolder("relative", ["Acme", "*"]);

        string.Join('\n', options.Problems()).ShouldSatisfyAllConditions(
            said => said.ShouldContain("name 'Handbook'"), said => said.ShouldContain("'relative'"), said => said.ShouldContain("'Acme'"), said => said.ShouldNotContain("'*'"));
    }

    private async Task<GetContextResponse> GetAsync(string query, params ContextProvider[] providers) =>
        await host.Context.GetContextAsync(new GetContextRequest { Providers = { providers }, Query = query });

    private static async Task<RpcException> FaultAsync<T>(AsyncUnaryCall<T> call) => await Should.ThrowAsync<RpcException>(async () => await call);
}

/// <summary>A repository and a handbook, in a folder of their own.</summary>
internal static class ContextSamples
{
    public static Dictionary<string, string?> Make(string root)
    {
        Write(root, "shop/src/orders.py", "class Order:\n    def refund(self):\n        pass\n");
        Write(root, "shop/src/mail.py", "def send():\n    pass\n");
        Write(root, "shop/README.md", "# Shop\n");
        Write(root, "shop/.env", "secret=1\n");
        Write(root, "shop/node_modules/x.js", "const x = 1;\n");
        File.CreateSymbolicLink(Path.Combine(root, "shop/passwd.md"), "/etc/passwd");
        Write(root, "handbook/refunds.md", "# Refunds\n\nRefunds take five days.\n\n## Exceptions\n\nGift cards are never refunded.\n");
        Write(root, "handbook/parcels.md", "# Parcels\n\nParcels are sent on Mondays.\n");
        if (Chromium.OnPath("git") is { } git)
        {
            foreach (var line in new[] { "init -q", "add src README.md", "-c user.name=Test -c user.email=test@example.com commit -q -m Refunds_for_orders" })
            {
                var start = new ProcessStartInfo(git, line.Split(' ').Select(word => word.Replace('_', ' '))) { WorkingDirectory = Path.Combine(root, "shop") };
                Process.Start(start)!.WaitForExit();
            }
        }

        return new Dictionary<string, string?>
        {
            ["Tools:Context:Folders:shop"] = Path.Combine(root, "shop"),
            ["Tools:Context:Folders:handbook"] = Path.Combine(root, "handbook"),
            ["Tools:Context:Folders:theirs:Path"] = Path.Combine(root, "handbook"),
            ["Tools:Context:Folders:theirs:Tenants:0"] = "acme",
            ["Tools:Context:Folders:common"] = Path.Combine(root, "handbook"),
            ["Tools:Context:Folders:common:Tenants"] = "*",
        };
    }

    private static void Write(string root, string path, string text)
    {
        var full = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
