FROM node:24.21.0-bookworm-slim
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts --cache /tmp/npm && rm -rf /tmp/npm
COPY src src
COPY generated-client generated-client
RUN ln -s /app/src/commands/tally.ts /usr/local/bin/tally && install -d -o node -g node -m 0700 /data
USER node
# The container's own address; PUBLIC_URL says how clients reach it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000 DATA_DIR=/data
# Memory of decoded images goes back to the system at once; glibc would keep up to 64 MB for each thread.
ENV MALLOC_TRIM_THRESHOLD_=1000000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is process 1, so SIGTERM reaches the server, which finishes what it has begun.
STOPSIGNAL SIGTERM
CMD ["tally", "start"]
