# compare_models rejects a true null in 3 to 7 % of samples at 5 %, also where
# customers repeat; the corrected t of a single repeat is conservative.
if have compare_models; then
	while IFS='|' read -r name corrected clustered; do
		awk -v s="$corrected" -v n="$name" 'BEGIN { exit !(s >= (n ~ /one repeat/ ? 0 : 0.03) && s <= 0.07) }'
		point $? "a true null, $name: the corrected t rejects $corrected"
		awk -v s="$clustered" 'BEGIN { exit !(s >= 0.03 && s <= 0.07) }'
		point $? "a true null, $name: the clustered z rejects $clustered"
	done < <(psql -XAtq -v trials=2000 -f test/slow/sizes.sql 2>/dev/null)
fi
