# syntax=docker/dockerfile:1
# One image: docker build -t outage-aggregator .
#
# The storage decides what it is: alone over SQLite in /data, or with OUTAGE_Storage__Kind=redis a node of a cluster.
#
# The plain aspnet image and not the chiseled one: a health check runs inside the container, and bash, which chiseled images lack, asks for
# /healthz in 3 ms. The alternative, our own program as its client, would start a second .NET runtime every few seconds for as long as the
# server lives. Updates of .NET come with a new build: pin the images by digest where builds must be repeatable.
ARG DOTNET=10.0

# What is built holds no machine code but SQLite's, which comes for every machine: it is built where the builder is, for all of them.
FROM --platform=$BUILDPLATFORM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS source
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY data data
COPY src src

FROM source AS build
RUN --mount=type=cache,target=/root/.nuget/packages \
    dotnet publish src/OutageAggregator.Server --configuration Release --output /app -p:UseAppHost=false

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET} AS runtime
# Debuggers and tracers would want a socket in /tmp; where one is needed, set it to 1.
ENV OUTAGE_Urls=http://*:8080 OUTAGE_Data=/data DOTNET_EnableDiagnostics=0
# APP_UID is the image's own user without rights, 1654. A new volume takes over who owns the folder.
RUN install --directory --owner=$APP_UID --group=$APP_UID --mode=0700 /data
COPY --chmod=0555 deploy/health.sh /usr/local/bin/outage-health
VOLUME /data
WORKDIR /app
USER $APP_UID
EXPOSE 8080
# Accepted work is finished, then it ends: give it time (stop_grace_period).
STOPSIGNAL SIGTERM
# Alive, not ready: who restarts what is unhealthy must not restart every node because Redis is away.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["outage-health", "/healthz", "8080"]

FROM runtime AS server
# Nodes reach each other at 11111. It is not exposed: "docker run -P" would publish it, and whoever reaches it is a node.
COPY --from=build /app ./
ENTRYPOINT ["dotnet", "OutageAggregator.Server.dll"]
